import type { SentError } from './sent-error.ts'

/** Where a front listens. */
export interface FrontPlan {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** How long a request may take to arrive. */
  readonly bodyTimeoutMs: number
}

/** What a front is told, each with a number that comes back with the answer. `use`: from now on every request goes to that pipe; null: requests wait until there is one. `watch`: it is to be told when nothing runs there any more. */
export type ToFront =
  | { readonly kind: 'use'; readonly id: number; readonly pipe: string | null }
  | { readonly kind: 'watch'; readonly id: number; readonly pipe: string }
  | { readonly kind: 'close'; readonly id: number }

/** What a front tells. The first is whether it listens; then `done`: what it was told by this number is done. */
export type FromFront =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'failed'; readonly error: SentError }
  | { readonly kind: 'done'; readonly id: number }
