/** What waits, by tenant: each takes its turn, whoever has more waiting. */
export class FairQueue<Item> {
  readonly #waiting = new Map<string, Item[]>()
  #size = 0

  /** How many wait. */
  get size(): number {
    return this.#size
  }

  /** How many of a tenant wait. */
  sizeOf(tenant: string): number {
    return this.#waiting.get(tenant)?.length ?? 0
  }

  /** Puts something at the end of what waits for its tenant. */
  push(tenant: string, item: Item): void {
    const known = this.#waiting.get(tenant)
    if (known === undefined) this.#waiting.set(tenant, [item])
    else known.push(item)
    this.#size += 1
  }

  /** What is next of the tenants that may; null if there is nothing. */
  take(may: (tenant: string) => boolean): Item | null {
    for (const [tenant, items] of this.#waiting) {
      if (!may(tenant)) continue
      const item = items.shift()!
      // Behind all others.
      this.#waiting.delete(tenant)
      if (items.length > 0) this.#waiting.set(tenant, items)
      this.#size -= 1
      return item
    }
    return null
  }

  /** Takes something out of turn; false if it does not wait any more. */
  remove(tenant: string, item: Item): boolean {
    const items = this.#waiting.get(tenant)
    const at = items?.indexOf(item) ?? -1
    if (at === -1) return false
    items!.splice(at, 1)
    if (items!.length === 0) this.#waiting.delete(tenant)
    this.#size -= 1
    return true
  }

  /** Takes everything out. */
  clear(): readonly Item[] {
    const all = [...this.#waiting.values()].flat()
    this.#waiting.clear()
    this.#size = 0
    return all
  }
}
