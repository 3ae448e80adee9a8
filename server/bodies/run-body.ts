import type { GraphQLError } from 'graphql'
import { RequestError } from '#base'
import type { Model } from '#schema'
import type { ScriptPool } from '#scripts'
import type { ScriptSettings } from '../config/read-scripts.ts'
import type { GraphqlApi } from '../graphql/create-graphql-schema.ts'
import type { RequestClient } from '../postgres/with-pg-client.ts'
import { type OpenRows, openRows, type RowsCaller, type RowsContext } from '../rows/open-rows.ts'
import type { TenantScripts } from '../tenant-scripts/run-tenant-script.ts'
import type { BodyActor, BodyCall } from './body.ts'
import type { Bodies } from './load-bodies.ts'

/** With what the code of an app is run. */
export interface Code {
  readonly api: GraphqlApi
  readonly bodies: Bodies
  /** What callers may be told of an error. */
  readonly tell: (error: unknown) => GraphQLError
  /** How long the code of one request may take in all. */
  readonly timeoutMs: number
  /** Threads for scripts; null: there are none. */
  readonly pool: ScriptPool | null
  /** What scripts may reach beside rows. */
  readonly reach: ScriptSettings
  /** What tenants published; null where no role publishes. */
  readonly tenantScripts: TenantScripts | null
}

/** What plans find in the context of a request whose code is run. */
export interface CodeContext extends RowsContext {
  readonly code: Code
  readonly rowhouseModel: Model
  readonly roles: readonly string[] | null
  /** How many bodies run around this one. */
  readonly depth?: number
}

/** Bodies may do what runs bodies, to an end. */
const maxDepth = 8

/**
 * Runs code of the app in the transaction of the client, under the rights of whoever asks.
 *
 * @throws RequestError TIMEOUT when the time of the request is over, LIMIT where bodies run bodies without end, and what the body throws
 */
export async function runBody<T>(
  client: RequestClient,
  context: CodeContext,
  run: (call: BodyCall) => T | Promise<T>,
): Promise<T> {
  const { code, depth = 0, pgSettings, roles } = context
  if (depth >= maxDepth) throw new RequestError('LIMIT', `Code that runs code is nested deeper than ${maxDepth}.`)
  const { signal, startedAt } = clockOf(context.transaction, code.timeoutMs)
  const db = openRows(client, rowsCaller({ ...context, depth: depth + 1 }))
  const actor: BodyActor = {
    id: pgSettings['rowhouse.actor_id'] || null,
    tenant: pgSettings['rowhouse.tenant_id'] || null,
    roles: roles ?? [],
  }
  const running = settled(db, async () => await run({ db, actor, now: startedAt, signal, raise }))
  return await inTime(running, db, signal)
}

/** For whom code of a request works with rows. */
export function rowsCaller(context: CodeContext): RowsCaller {
  const { api, tell } = context.code
  return { api, model: context.rowhouseModel, context, tell }
}

/** What a body leaves running is waited for, and what it passed over is told. */
async function settled<T>(db: OpenRows, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } finally {
    await db.close()
  }
}

async function inTime<T>(running: Promise<T>, db: OpenRows, signal: AbortSignal): Promise<T> {
  let stop = () => {}
  const late = new Promise<never>((_, reject) => {
    stop = () => reject(new RequestError('TIMEOUT', 'The request took longer than it may. Ask for less at once.'))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([running, late])
  } catch (error) {
    if (signal.aborted) {
      // Nobody waits for it any more, and it reaches nothing.
      running.catch(() => undefined)
      db.close().catch(() => undefined)
    }
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function raise(code: string, message: string, fields: readonly string[] = []): never {
  throw new RequestError('VALIDATION', message, { rule: code, ...(fields.length === 0 ? {} : { fields }) })
}

interface Clock {
  readonly signal: AbortSignal
  readonly startedAt: Date
}

/** One for all code of a request. */
function clockOf(transaction: object, timeoutMs: number): Clock {
  let clock = clocks.get(transaction)
  if (clock === undefined) {
    clock = { signal: AbortSignal.timeout(timeoutMs), startedAt: new Date() }
    clocks.set(transaction, clock)
  }
  return clock
}

const clocks = new WeakMap<object, Clock>()
