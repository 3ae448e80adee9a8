import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { RequestError } from '#base'
import { isLost, isTold } from './connection-errors.ts'
import { readLine, type ServerLine } from './server-line.ts'
import { Silence } from './silence.ts'

/** A change that Postgres was told to keep, and did not answer. */
export interface SentChange {
  /** Of its transaction, as `xid8`; null: none was told. */
  readonly id: string | null
  /** What the id belongs to; null: nobody knows. */
  readonly line: ServerLine | null
  /** Postgres itself said that the connection ends, before it told an id: nothing came to run. */
  readonly hasNotBegun: boolean
}

/** What became of a change. */
export type Settled = 'kept' | 'undone' | 'unknown'

/** Who asks, and for how long. */
export interface SettleOptions {
  /** A connection that is not the one that broke. */
  connect(): Promise<pg.PoolClient>
  readonly patienceMs: number
  /** Aborted: nobody waits for the answer any more. */
  readonly signal: { readonly aborted: boolean } | null
}

/** What the answer to a change is where nobody could say whether it is kept. */
export function unknownOutcome(): RequestError {
  const message =
    'The connection to the database broke while the change was being kept: it may be kept, or not. With an idempotencyKey it can be sent again.'
  return new RequestError('UNAVAILABLE', message, { outcome: 'unknown' })
}

/** True for {@link unknownOutcome}. */
export function isUnknownOutcome(error: unknown): boolean {
  return error instanceof RequestError && error.extensions.outcome === 'unknown'
}

const firstPauseMs = 2
const longestPauseMs = 250

/** Asks Postgres on another connection what became of a change, until it is over; also while Postgres is away. */
export async function settleChange(change: SentChange, options: SettleOptions): Promise<Settled> {
  if (change.hasNotBegun) return 'undone'
  const { id, line } = change
  if (id === null || line === null) return 'unknown'
  const end = performance.now() + options.patienceMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const settled = await ask({ id, line }, options, end)
    if (settled !== null) return settled
    if (options.signal?.aborted === true || performance.now() + pauseMs >= end) return 'unknown'
    await sleep(pauseMs)
  }
}

interface KnownChange {
  readonly id: string
  readonly line: ServerLine
}

/** @returns null: to be asked again */
async function ask(change: KnownChange, { connect }: SettleOptions, end: number): Promise<Settled | null> {
  const client = await connect().catch(() => null)
  if (client === null) return null
  const silence = new Silence(client, Math.max(0, end - performance.now()))
  let isBroken = true
  try {
    const { line, status } = await silence.during(readStatus(client, change.id))
    isBroken = false
    return line === null ? null : judge(change, line, status)
  } catch (error) {
    // Whatever else is wrong stays so.
    return isLost(error) ? null : 'unknown'
  } finally {
    client.release(isBroken)
  }
}

interface Status {
  readonly line: ServerLine | null
  readonly status: string | null
}

/** In one transaction, which a pooler keeps on one server; sent at once. */
async function readStatus(client: pg.PoolClient, id: string): Promise<Status> {
  const asked = [
    client.query('begin read only'),
    readLine(client),
    client.query<{ status: string | null }>('select pg_catalog.pg_xact_status($1::xid8) as status', [id]),
    client.query('rollback'),
  ] as const
  const [begun, line, status, ended] = await Promise.allSettled(asked)
  for (const each of [begun, ended]) if (each.status === 'rejected') throw each.reason
  // A server that follows another, or that may become the first.
  if (line.status === 'rejected') {
    if (isLost(line.reason) || isFollowing(line.reason)) return { line: null, status: null }
    throw line.reason
  }
  if (status.status === 'fulfilled') return { line: line.value, status: status.value.rows[0]!.status }
  if (!isInFuture(status.reason)) throw status.reason
  return { line: line.value, status: 'future' }
}

/**
 * An id of another line may have been given again, so that `committed` may be about a change of somebody else. But what was kept for good is kept in
 * every later line of the cluster, and then its id is not given again: where it says anything else, nothing of the change is there.
 */
function judge(change: KnownChange, line: ServerLine, status: string | null): Settled | null {
  if (line.cluster !== change.line.cluster || status === null) return 'unknown'
  if (status === 'aborted' || status === 'future') return 'undone'
  if (status === 'in progress') return null
  return status === 'committed' && line.name === change.line.name ? 'kept' : 'unknown'
}

/** No id is as high yet. */
function isInFuture(error: unknown): boolean {
  return isTold(error) && (error as { code?: unknown }).code === '22023'
}

/** Postgres recovers. */
function isFollowing(error: unknown): boolean {
  return isTold(error) && (error as { code?: unknown }).code === '55000'
}
