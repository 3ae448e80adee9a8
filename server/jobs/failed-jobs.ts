import { Bug, RequestError } from '#base'
import { heldRoles } from '#policies'
import { isPlainObject, type Model } from '#schema'
import type { CompleteWorker } from '#workers'
import type { RequestClient } from '../postgres/with-pg-client.ts'
import { RefusedRows, type RowFault } from '../refused-rows.ts'
import { claimNames } from './enqueue-job.ts'
import { keyOfWork } from './enqueue-work.ts'
import { inputOf, type Work } from './load-work.ts'

/** Who manages failed jobs. */
export interface JobManager {
  readonly model: Model
  /** Null: a visitor. */
  readonly roles: readonly string[] | null
  /** Loads the workers of the app; null: nobody knows them. */
  readonly work: (() => Promise<Work>) | null
}

/** A job that failed for good, as it is told. Whose rights it has stays unsaid. */
export interface FailedJob {
  readonly id: string
  /** `workers/send-reminder` */
  readonly name: string
  readonly input: unknown
  readonly error: string
  readonly attempts: number
  readonly createdAt: string
  readonly failedAt: string
  readonly causedBy: string | null
  readonly editedBy: string | null
  readonly editedAt: string | null
  readonly eventId: string | null
}

/** What is listed, the last first. */
export interface FailedJobsAsked {
  /** Null: of all workers. */
  readonly name: string | null
  /** Null: from the beginning. */
  readonly after: string | null
  readonly first: number
}

/** Some of the list. */
export interface FailedJobs {
  readonly nodes: readonly FailedJob[]
  /** Of the last one; null: there is none. */
  readonly endCursor: string | null
  readonly hasNextPage: boolean
}

/** Failed jobs of the caller's tenant. Postgres decides who may see them. @throws RequestError FORBIDDEN, VALIDATION */
export async function failedJobs(
  client: RequestClient,
  by: JobManager,
  { name, after, first }: FailedJobsAsked,
): Promise<FailedJobs> {
  refuseOthers(by)
  const [at, id] = after === null ? [null, null] : readCursor(after)
  const text = 'select rowhouse_private.failed_jobs($1, $2::timestamptz, $3::uuid, $4) as all'
  const { rows } = await client.query<{ all: readonly FailedJob[] }>({ text, values: [name, at, id, first + 1] })
  const { all } = rows[0]!
  const nodes = all.slice(0, first)
  const last = nodes.at(-1)
  return { nodes, endCursor: last === undefined ? null : cursorOf(last), hasNextPage: all.length > first }
}

/** A failed job of the caller's tenant; null: there is none. @throws RequestError FORBIDDEN */
export async function failedJob(client: RequestClient, by: JobManager, id: string): Promise<FailedJob | null> {
  refuseOthers(by)
  const text = 'select rowhouse_private.failed_job($1) as one'
  const { rows } = await client.query<{ one: FailedJob | null }>({ text, values: [id] })
  return rows[0]?.one ?? null
}

/**
 * Gives a failed job another input, with which it has the rights of the caller.
 *
 * @throws RequestError FORBIDDEN, also where its worker runs as a role that the caller has not; NOT_FOUND, VALIDATION
 */
export async function editFailedJob(
  client: RequestClient,
  by: JobManager,
  { id, input: given }: { readonly id: string; readonly input: unknown },
): Promise<void> {
  const worker = await workerOf(by, await found(client, by, id))
  if (worker.name.startsWith('subscribers/'))
    throw new RequestError('VALIDATION', 'Its input is an event, which happened as it did. Replay or discard it.')
  if (worker.service !== null && !held(by).has(worker.service)) {
    const message = `"${worker.name}" runs as "${worker.service}": only who has that role may say its input.`
    throw new RequestError('FORBIDDEN', message)
  }
  const input = readGiven(worker, given)
  const key = keyOfWork(worker, input)
  const text = 'select rowhouse_private.edit_failed_job($1, $2::jsonb, $3, $4::text[]) as done'
  const values = [id, JSON.stringify(input), key, claimNames(client.settings)]
  if (!(await isDone(client, text, values))) throw missing(id)
}

/**
 * Makes failed jobs jobs again, all or none: with the rights that they have, all tries anew.
 *
 * @throws RequestError FORBIDDEN; RefusedRows where one is missing (NOT_FOUND), waits already (CONFLICT) or has no worker (VALIDATION)
 */
export async function replayFailedJobs(client: RequestClient, by: JobManager, ids: readonly string[]): Promise<void> {
  refuseOthers(by)
  await each(ids, async (id) => {
    await workerOf(by, await found(client, by, id))
    const done = await isDone(client, 'select rowhouse_private.replay_failed_job($1) as done', [id])
    if (done === null) throw missing(id)
    if (!done) throw new RequestError('CONFLICT', 'Another job with the same key waits already, and does the same.')
  })
}

/** Throws failed jobs away, all or none. @throws RequestError FORBIDDEN; RefusedRows where one is missing */
export async function discardFailedJobs(client: RequestClient, by: JobManager, ids: readonly string[]): Promise<void> {
  refuseOthers(by)
  await each(ids, async (id) => {
    if (!(await isDone(client, 'select rowhouse_private.discard_failed_job($1) as done', [id]))) throw missing(id)
  })
}

async function each(ids: readonly string[], run: (id: string) => Promise<void>): Promise<void> {
  const faults: RowFault[] = []
  const places = new Map([...ids.entries()].map(([index, id]) => [id, index]))
  // In one order, so that two who take the same jobs do not wait for each other.
  for (const id of [...places.keys()].sort()) {
    await run(id).catch((error: unknown) => {
      if (!(error instanceof RequestError)) throw error
      faults.push({ index: places.get(id)!, error })
    })
  }
  if (faults.length > 0) throw new RefusedRows(faults, 'ids')
}

async function isDone(client: RequestClient, text: string, values: readonly unknown[]): Promise<boolean | null> {
  const { rows } = await client.query<{ done: boolean | null }>({ text, values })
  return rows[0]?.done ?? null
}

async function found(client: RequestClient, by: JobManager, id: string): Promise<FailedJob> {
  const job = await failedJob(client, by, id)
  if (job === null) throw missing(id)
  return job
}

async function workerOf({ work }: JobManager, { name }: FailedJob): Promise<CompleteWorker> {
  if (work === null) throw new Bug('Who manages jobs knows the workers of the app.')
  const worker = (await work()).get(name)
  if (worker === undefined) throw new RequestError('VALIDATION', `There is no "${name}.ts" any more that could do it.`)
  return worker
}

function readGiven(worker: CompleteWorker, given: unknown): unknown {
  const wrong = (message: string) => new RequestError('VALIDATION', message, { fields: ['input'] })
  if (!isPlainObject(given)) throw wrong('"input" is no object.')
  if (/\\u0000|\\ud[89a-f]/.test(JSON.stringify(given))) throw wrong('"input" has text that Postgres cannot keep.')
  try {
    return inputOf(worker, given)
  } catch (error) {
    throw wrong((error as Error).message)
  }
}

function held({ model, roles }: JobManager): ReadonlySet<string> {
  return heldRoles(model, roles ?? [])
}

function refuseOthers(by: JobManager): void {
  const names = held(by)
  const may = by.model.roles.some(({ name, managesJobs }) => managesJobs === true && names.has(name))
  if (!may) throw new RequestError('FORBIDDEN', 'No rule allows this.')
}

function missing(id: string): RequestError {
  return new RequestError('NOT_FOUND', `There is no failed job "${id}".`)
}

function cursorOf({ failedAt, id }: FailedJob): string {
  return Buffer.from(`${failedAt} ${id}`).toString('base64url')
}

const cursorForm = /^(\d{4,}-\d\d-\d\dT[\d:.]{8,15}[+-][\d:]{2,9}) ([0-9a-f-]{36})$/

function readCursor(given: string): readonly [string, string] {
  const [, at, id] = cursorForm.exec(Buffer.from(given, 'base64url').toString()) ?? []
  if (at !== undefined && id !== undefined) return [at, id]
  throw new RequestError('VALIDATION', '"after" is no cursor of this list.', { fields: ['after'] })
}
