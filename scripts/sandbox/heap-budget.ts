/** What the engine of a thread holds. */
export class HeapBudget {
  readonly #mostPages: number
  #grownPages = 0

  /** @param heapBytes its first 16 MiB with them */
  constructor(heapBytes: number) {
    this.#mostPages = Math.max(firstPages, Math.ceil(heapBytes / pageBytes))
  }

  /** What it has grown to: it never shrinks. */
  get heapBytes(): number {
    return (firstPages + this.#grownPages) * pageBytes
  }

  /** Its memory, which is full when it has grown by what it may. */
  openMemory(): WebAssembly.Memory {
    const memory = new WebAssembly.Memory({ initial: firstPages, maximum: this.#mostPages })
    const grow = memory.grow.bind(memory)
    memory.grow = (pages) => {
      if (firstPages + this.#grownPages + pages > this.#mostPages) throw new RangeError('The memory is full.')
      const before = grow(pages)
      this.#grownPages += pages
      return before
    }
    return memory
  }
}

/** 16 MiB, with which an engine begins, most of which it never touches. */
const firstPages = 256
/** Of memory of WebAssembly, as it grows. */
export const pageBytes = 65_536
