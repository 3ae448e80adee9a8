import { Bug } from '#base'
import type { RequestClient, RequestSettings } from '../postgres/with-pg-client.ts'

/** A job to be done when the transaction has committed. */
export interface NewJob {
  /** Path of its file in the app, without its end: `workers/send-reminder`. */
  readonly task: string
  /** What its body gets, as JSON. */
  readonly input: unknown
  /** While a job of the task and tenant with this key waits, it gets this input and these rights, and no other one is added. */
  readonly key?: string | null
  /** Not before; at once when left out. */
  readonly runAt?: Date | null
  /** Before others of the same tenant that have a greater one; 0 when left out. */
  readonly priority?: number
  /** How often it is tried in all; 6 when left out. */
  readonly attempts?: number
  /** Its input came of a job whose input somebody edited. */
  readonly isEdited?: boolean
}

const becomeQueue = { name: 'rowhouse_become_queue', text: 'select rowhouse.become_queue()' } as const

const addJob = {
  name: 'rowhouse_add_job',
  text: 'select rowhouse_queue.add_and_return($1, $2::jsonb, $3::text[], $4, $5::timestamptz, $6::smallint, $7::smallint) as id',
} as const

/** The same, said to be an editor's words; what else the transaction adds is not. */
const becomeEditor = {
  name: 'rowhouse_become_queue_edited',
  text: `${becomeQueue.text}, set_config('rowhouse.words_of_editor', 'on', true)`,
} as const
const addEdited = {
  name: 'rowhouse_add_job_edited',
  text: `${addJob.text}, set_config('rowhouse.words_of_editor', '', true)`,
} as const

/**
 * Adds a job in the transaction of a client, in one round trip: it runs once the transaction has committed, and never if it is rolled back.
 * It is done in the name of who the transaction is: tenant, actor, role and claims are read from it by Postgres.
 *
 * @returns the id of the job
 */
export async function enqueueJob(client: RequestClient, job: NewJob): Promise<string> {
  // Both are sent at once. Where the first fails, the second is not run.
  const [become, add] = job.isEdited === true ? [becomeEditor, addEdited] : [becomeQueue, addJob]
  const became = client.query(become)
  const added = client.query<{ readonly id: string }>({ ...add, values: valuesOf(job, client.settings) })
  became.catch(() => undefined)
  added.catch(() => undefined)
  await became
  const [row] = (await added).rows
  if (row === undefined) throw new Bug('A job that was added has an id.')
  return row.id
}

function valuesOf(job: NewJob, settings: RequestSettings): readonly unknown[] {
  const { task, input, key = null, runAt = null, priority = 0, attempts = 6 } = job
  return [
    task,
    JSON.stringify(input ?? null),
    claimNames(settings),
    key,
    runAt?.toISOString() ?? null,
    priority,
    attempts,
  ]
}

/** Names of claims, whose values Postgres reads from the transaction. */
export function claimNames(settings: RequestSettings): readonly string[] {
  const prefix = 'rowhouse.claim_'
  return Object.keys(settings)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
}
