import type { ScriptLimits } from '../limits.ts'

/** What a thread is started with. */
export interface ThreadPlan {
  /** What all that scripts hold in it may take together. */
  readonly heapBytes: number
}

/** One run, as its thread is told of it. */
export interface RunOrder {
  readonly kind: 'run'
  readonly run: number
  /** Name of the script in the traces of its errors: `scripts/discount.ts`. */
  readonly file: string
  readonly code: string
  /** JSON of `input`, `row`, `actor`, `now` and the seed of its random numbers. */
  readonly call: string
  readonly limits: ScriptLimits
}

/** What the pool tells a thread. */
export type ToThread =
  | RunOrder
  | {
      readonly kind: 'answer'
      readonly run: number
      readonly call: number
      readonly ok: boolean
      readonly text: string
    }
  | { readonly kind: 'stop'; readonly run: number }

/** Why a run ended without an output. */
export type Failure = 'timeout' | 'memory' | 'host-calls' | 'rows' | 'output' | 'crash' | 'cancelled' | 'error'

/** How a script ended, as its thread tells. */
export type ThreadEnd =
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'raised'; readonly text: string }
  /** `call`: the call whose refusal the script did not catch. */
  | { readonly kind: 'failed'; readonly why: Failure; readonly message: string; readonly call: number | null }

/** What a thread tells the pool. */
export type FromThread =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'call'
      readonly run: number
      readonly call: number
      readonly method: string
      readonly text: string
    }
  | { readonly kind: 'log'; readonly run: number; readonly line: string }
  | { readonly kind: 'end'; readonly run: number; readonly end: ThreadEnd }
  /** Everything of the run is gone from the thread; `heapBytes`: what its WebAssembly holds, which never shrinks. */
  | { readonly kind: 'gone'; readonly run: number; readonly heapBytes: number }
  /** The engine cannot be trusted any more. */
  | { readonly kind: 'broken'; readonly message: string }
