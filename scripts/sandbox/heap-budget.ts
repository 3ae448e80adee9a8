/** What all engines of a thread hold together. */
export class HeapBudget {
  readonly #mostPages: number
  #grownPages = 0

  /** @param heapBytes what one of them may hold, and by how much all may grow beyond their first 16 MiB */
  constructor(heapBytes: number) {
    this.#mostPages = Math.max(firstPages, Math.ceil(heapBytes / pageBytes))
  }

  /** The first pages of one, and by how much all have grown: none ever shrinks. */
  get heapBytes(): number {
    return (firstPages + this.#grownPages) * pageBytes
  }

  /** The memory of one more. It is full when all of them have grown by what they may. */
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
