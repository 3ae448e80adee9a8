import { Bug } from '#base'
import type { Engine } from './engine.ts'
import { pageBytes } from './heap-budget.ts'

/**
 * The memory of an engine as it was, to which it can be brought back: all that a script did is gone then, as an engine at rest has no other state.
 *
 * Most of the memory is never touched, and not looked at again: the stack below what scripts are allowed, and a block in the middle of the heap, which is
 * taken here and never used. Above it is a little for small scripts; the memory grows for others, which is seen.
 */
export class MemoryImage {
  readonly #memory: WebAssembly.Memory
  /** What may have been touched. */
  readonly #touched: readonly Range[]
  /** What was not empty there. */
  readonly #held: KeptMemory
  readonly #firstBytes: number

  constructor({ memory, allocate, free }: Engine) {
    this.#memory = memory
    this.#firstBytes = memory.buffer.byteLength
    const unused = takeUnused(memory, allocate, free)
    const bytes = new Uint8Array(memory.buffer)
    const stack = stackIn(bytes.subarray(0, unused.from))
    this.#touched = [
      { from: 0, to: stack.from + marginBytes },
      { from: stack.to - stackBytes, to: unused.from },
      { from: unused.to, to: this.#firstBytes },
    ]
    this.#held = this.#touched
      .flatMap((range) => heldIn(bytes, range))
      .map(({ from, to }) => ({ from, bytes: bytes.slice(from, to) }))
  }

  /** What the memory holds, to be put into it later. */
  keep(): KeptMemory {
    const bytes = new Uint8Array(this.#memory.buffer)
    return [...this.#touched, { from: this.#firstBytes, to: bytes.length }]
      .flatMap((range) => heldIn(bytes, range))
      .map(({ from, to }) => ({ from, bytes: bytes.slice(from, to) }))
  }

  /** Puts in what was kept. Nothing may run in its engine. */
  put(kept: KeptMemory): void {
    this.#empty()
    const bytes = new Uint8Array(this.#memory.buffer)
    for (const each of kept) bytes.set(each.bytes, each.from)
  }

  /** Brings the memory back. Nothing may run in its engine. */
  restore(): void {
    this.put(this.#held)
  }

  #empty(): void {
    const bytes = new Uint8Array(this.#memory.buffer)
    for (const { from, to } of this.#touched) bytes.fill(0, from, to)
    if (bytes.length > this.#firstBytes) bytes.fill(0, this.#firstBytes)
  }
}

/** What was in a memory beside an image, page by page. */
export type KeptMemory = readonly { readonly from: number; readonly bytes: Uint8Array }[]

interface Range {
  readonly from: number
  readonly to: number
}

/** Takes what is left of a heap, but for its end. */
function takeUnused(memory: WebAssembly.Memory, allocate: Engine['allocate'], free: Engine['free']): Range {
  const before = memory.buffer.byteLength
  const heapEnd = allocate(probeBytes)
  free(heapEnd)
  const bytes = before - heapEnd - slackBytes
  const from = allocate(bytes)
  if (heapEnd === 0 || from < heapEnd || from + bytes > before || memory.buffer.byteLength !== before)
    throw new Bug('The heap of the engine does not lie where it was thought to.')
  return { from, to: from + bytes }
}

/** The part of a memory that is for the stack, and empty yet. */
function stackIn(bytes: Uint8Array): Range {
  const stack = longestEmpty(bytes)
  if (stack.to - stack.from < leastOfStack) throw new Bug('The memory of the engine has no stack.')
  return stack
}

/** The longest stretch of pages with nothing in them. */
function longestEmpty(bytes: Uint8Array): Range {
  let longest: Range = { from: 0, to: 0 }
  let from = 0
  for (const held of [...heldIn(bytes, { from: 0, to: bytes.length }), { from: bytes.length, to: bytes.length }]) {
    if (held.from - from > longest.to - longest.from) longest = { from, to: held.from }
    from = held.to
  }
  return longest
}

/** Pages of a range with something in them, as few stretches as can be. */
function heldIn(bytes: Uint8Array, { from, to }: Range): readonly Range[] {
  const held: { from: number; to: number }[] = []
  for (let at = from; at < to; at += stepBytes) {
    const end = Math.min(at + stepBytes, to)
    if (Buffer.compare(bytes.subarray(at, end), nothing.subarray(0, end - at)) === 0) continue
    if (held.at(-1)?.to === at) held.at(-1)!.to = end
    else held.push({ from: at, to: end })
  }
  return held
}

const stepBytes = 4_096
const nothing = new Uint8Array(stepBytes)
/** Data that is empty yet, behind that which is not. */
const marginBytes = pageBytes
/** How deep calls of scripts may be. */
export const mostStackBytes = 256 * 1024
/** What lies on the stack beside, of the engine's own, is far less. */
const stackBytes = 2 * mostStackBytes
const leastOfStack = 4 * 1024 * 1024
/** What a heap has left for small scripts. */
const slackBytes = 512 * 1024
/** More than any hole in a heap that was used once. */
const probeBytes = 1024 * 1024
