import { didYouMean, RequestError } from '#base'
import { type AddOptions, type CompleteWorker, readInput } from '#workers'
import type { RequestClient } from '../postgres/with-pg-client.ts'
import { enqueueJob, type NewJob } from './enqueue-job.ts'
import type { Work } from './load-work.ts'

/** What is to be done. */
export interface NewWork extends AddOptions {
  /** `workers/send-reminder` */
  readonly task: string
  readonly input?: unknown
  /** What adds it is a job whose input somebody edited. */
  readonly isEdited?: boolean
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
  const key = keyOfWork(worker, input)
  const { runAt = null, priority = 0, isEdited = false } = given
  refuseOptions(given.task, { runAt, priority })
  return await enqueueJob(client, {
    task: given.task,
    input,
    key,
    runAt,
    priority,
    attempts: worker.attempts,
    isEdited,
  })
}

/** As many as Postgres takes. Two that differ behind them are two. */
const mostOfKey = 500
const mostPriority = 32_767

/** What tells jobs of a worker apart that do the same; null: each does its own. @throws RequestError VALIDATION */
export function keyOfWork({ name, unique }: CompleteWorker, input: unknown): string | null {
  if (unique === null) return null
  const key: unknown = unique(input)
  if (typeof key === 'string' && key !== '' && key.length <= mostOfKey) return key
  throw new RequestError(
    'VALIDATION',
    `What \`unique\` of "${name}" answers is no text of 1 to ${mostOfKey} characters.`,
  )
}

function refuseOptions(task: string, { runAt, priority }: Required<Pick<NewJob, 'runAt' | 'priority'>>): void {
  if (runAt !== null && !(runAt instanceof Date && !Number.isNaN(runAt.getTime())))
    throw new RequestError('VALIDATION', `\`runAt\` of "${task}" is no moment: give a Date.`)
  if (!Number.isInteger(priority) || Math.abs(priority) > mostPriority)
    throw new RequestError(
      'VALIDATION',
      `\`priority\` of "${task}" is no whole number from -${mostPriority} to ${mostPriority}.`,
    )
}
