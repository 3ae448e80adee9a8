import { type CodeFields, declare } from '#schema'
import type { Worker, WorkerCall, WorkerFields, WorkerOptions } from '../types/worker.ts'

/**
 * Declares a worker, the default export of a file in `workers/`: its function does one job, outside of the request that caused it. It runs at
 * least once, in a process that has the network, and what it writes through `db` is kept exactly once.
 */
export function worker<const I extends WorkerFields>(
  options: WorkerOptions<I>,
  run: (call: WorkerCall<CodeFields<I>>) => unknown,
): Worker<I> {
  return declare('worker', { options, run })
}
