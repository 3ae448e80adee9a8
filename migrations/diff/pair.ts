/** The same object in two catalogs; null where one lacks it. */
export interface Pair<T> {
  readonly from: T | null
  readonly to: T | null
}

/** Pairs objects by name: those of `to` in its order, then those that are gone. */
export function pair<T>(from: readonly T[], to: readonly T[], nameOf: (one: T) => string): readonly Pair<T>[] {
  const before = new Map(from.map((one) => [nameOf(one), one]))
  const after = new Set(to.map(nameOf))
  return [
    ...to.map((one) => ({ from: before.get(nameOf(one)) ?? null, to: one })),
    ...from.filter((one) => !after.has(nameOf(one))).map((one) => ({ from: one, to: null })),
  ]
}
