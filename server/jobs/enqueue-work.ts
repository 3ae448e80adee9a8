import { didYouMean, RequestError } from '#base'
import { type AddOptions, readInput } from '#workers'
import type { RequestClient } from '../postgres/with-pg-client.ts'
import { enqueueJob } from './enqueue-job.ts'
import type { Work } from './load-work.ts'

/** What is to be done. */
export interface NewWork extends AddOptions {
  /** `workers/send-reminder` */
  readonly task: string
  readonly input?: unknown
}

/**
 * Adds a job of an app's worker in the transaction of a client, with the key and the number of tries that the worker says.
 *
 * @returns the id of the job
 * @throws RequestError VALIDATION when there is no such worker, or its input is another one
 */
export async function enqueueWork(client: RequestClient, work: Work, given: NewWork): Promise<string> {
  const worker = work.get(given.task)
  if (worker === undefined || !given.task.startsWith('workers/')) {
    const near = didYouMean(given.task, [...work.keys()])
    throw new RequestError(
      'VALIDATION',
      `There is no worker "${given.task}".${near === null ? '' : ` Did you mean "${near}"?`}`,
    )
  }
  const input = readInput(worker.fields, given.input)
  if (typeof input === 'string') throw new RequestError('VALIDATION', `The input of "${given.task}": ${input}`)
  const key = worker.unique === null ? null : String(worker.unique(input)).slice(0, 500)
  const { runAt = null, priority = 0 } = given
  return await enqueueJob(client, { task: given.task, input, key, runAt, priority, attempts: worker.attempts })
}
