import type { Model } from '#schema'
import type { SentError, WorkshopState } from '#server'
import type { ServerPlan } from '../../serve/start-server.ts'

/** What a generation serves, and on which pipe. Nothing in it that could not be sent to another thread. */
export type GenerationPlan = Omit<ServerPlan, 'log' | 'say' | 'pipe'> & { readonly pipe: string }

/**
 * What a generation is told; what has a number is answered with it. `replace` prepares another model whose API is the same, which is served after `commit` and forgotten after `abandon`.
 */
export type ToGeneration =
  | { readonly kind: 'serve'; readonly id: number; readonly plan: GenerationPlan }
  | { readonly kind: 'replace'; readonly id: number; readonly model: Model }
  | { readonly kind: 'commit'; readonly id: number }
  | { readonly kind: 'abandon'; readonly id: number }
  | { readonly kind: 'show'; readonly workshop: WorkshopState }
  | { readonly kind: 'hangUp' }
  | { readonly kind: 'close'; readonly id: number }

/** What a generation tells. All but `said` answer what it was told by this number. */
export type FromGeneration =
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly error: SentError }
  | { readonly kind: 'said'; readonly text: string }
