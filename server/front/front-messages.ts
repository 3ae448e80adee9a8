import type { SentError } from './sent-error.ts'

/** Where a front listens. */
export interface FrontPlan {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

/** What a front is told. `use`: from now on every request goes to that pipe; null: requests wait until there is one. `watch`: whether requests run there is to be told. */
export type ToFront =
  | { readonly kind: 'use'; readonly pipe: string | null }
  | { readonly kind: 'watch'; readonly pipe: string }
  | { readonly kind: 'close' }

/** What a front tells. `used`: what it was told to use is used. `idle`: nothing that went to the pipe is running any more. */
export type FromFront =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'failed'; readonly error: SentError }
  | { readonly kind: 'used' }
  | { readonly kind: 'idle'; readonly pipe: string }
  | { readonly kind: 'closed' }
