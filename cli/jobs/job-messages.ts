import type { SentError } from '#server'
import type { ServerPlan } from '../serve/start-server.ts'

/** What a thread runs the jobs of. Nothing in it that could not be sent to another thread. */
export interface JobsPlan extends Pick<ServerPlan, 'model' | 'folder' | 'settings' | 'names' | 'databaseUrl'> {
  /** When the thread was last able to do anything, and when the job is over that it began last, in milliseconds since 1970: it cannot say so when it is stuck. */
  readonly alive: Float64Array<SharedArrayBuffer>
}

/** What a thread of jobs tells. */
export type FromJobs =
  | { readonly kind: 'ready'; readonly names: readonly string[] }
  | { readonly kind: 'failed'; readonly error: SentError }
  | { readonly kind: 'said'; readonly text: string }
  | { readonly kind: 'closed' }
