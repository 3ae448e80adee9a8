import type { Step } from 'grafast'

/** Values of the whole request, or of one item of a list: first those of what the list is in, then the item, then of steps by their places. */
export type Frame = unknown[]

/** Gives the value of a step in a frame. */
export type Reader = (frame: Frame) => unknown

/** A part of a plan that runs once for each item of a list; what Grafast keeps of it besides its types. */
export interface LayerPlan {
  readonly reason: { readonly type: string; readonly parentLayerPlan?: LayerPlan; readonly stream?: unknown }
  readonly rootStep: Step | null
  readonly parentSideEffectStep: Step | null
}

/** Which values a {@link Frame} has. */
export class FrameShape {
  readonly layer: LayerPlan
  readonly parent: FrameShape | null
  readonly #readers = new Map<Step, Reader | null>()
  #size = firstPlace

  constructor(layer: LayerPlan, parent: FrameShape | null) {
    this.layer = layer
    this.parent = parent
  }

  /** A place for a value. */
  place(): number {
    return this.#size++
  }

  /** The reader of a step of this layer, made once; null: there is none. */
  readerOf(step: Step, make: () => Reader | null): Reader | null {
    let reader = this.#readers.get(step)
    if (reader === undefined) {
      reader = make()
      this.#readers.set(step, reader)
    }
    return reader
  }

  /** A frame without values. */
  frame(parent: Frame | null, item: unknown): Frame {
    const frame = new Array<unknown>(this.#size)
    frame[parentPlace] = parent
    frame[itemPlace] = item
    return frame
  }
}

const parentPlace = 0
/** Where the item is. */
export const itemPlace = 1
const firstPlace = 2

/** The frame that a frame is in. */
export function parentOf(frame: Frame): Frame {
  return frame[parentPlace] as Frame
}
