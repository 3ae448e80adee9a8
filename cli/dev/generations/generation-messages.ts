import type { Model } from '#schema'
import type { SentError, WorkshopState } from '#server'
import type { ServerPlan } from '../../serve/start-server.ts'

/** What a generation serves, and on which pipe. Nothing in it that could not be sent to another thread. */
export type GenerationPlan = Omit<ServerPlan, 'log' | 'say' | 'pipe'> & { readonly pipe: string }

/**
 * What a generation is told. `replace` prepares another model whose API is the same, which is served after `commit` and forgotten after `abandon`.
 */
export type ToGeneration =
  | { readonly kind: 'serve'; readonly plan: GenerationPlan }
  | { readonly kind: 'replace'; readonly model: Model }
  | { readonly kind: 'commit' }
  | { readonly kind: 'abandon' }
  | { readonly kind: 'show'; readonly workshop: WorkshopState }
  | { readonly kind: 'hangUp' }
  | { readonly kind: 'close' }

/** What a generation tells. All but `said` answer what it was told, in turn. */
export type FromGeneration =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: SentError }
  | { readonly kind: 'said'; readonly text: string }
