import type { Bodies } from '../bodies/load-bodies.ts'
import type { RequestClient } from '../postgres/with-pg-client.ts'
import { enqueueJob } from './enqueue-job.ts'
import { enqueueWork } from './enqueue-work.ts'

/** The job of a worker that a transition or an action runs. */
export interface HandedOver {
  /** `workers/send-reminder` */
  readonly task: string
  readonly input: Readonly<Record<string, unknown>>
}

/**
 * Adds a job in the transaction of a client, with the tries and the key that its worker says. Where that is not known, it has the tries of a worker that says
 * nothing: no change of a row is refused for what is wrong with the files of jobs, and nothing is lost until that is mended.
 */
export async function handOver(client: RequestClient, { work }: Bodies, { task, input }: HandedOver): Promise<void> {
  // As the job will be told it: the types of inputs are those of JSON.
  const told = JSON.parse(JSON.stringify(input)) as HandedOver['input']
  const known = (await work?.().catch(() => null)) ?? null
  if (known === null) await enqueueJob(client, { task, input: told })
  else await enqueueWork(client, known, { task, input: told })
}
