import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { defaultPoolSize } from '../config/limits.ts'
import { takeAffine } from './affine-connection.ts'
import { isLost, maxConnections } from './connection-errors.ts'
import { gatherWrites } from './gathered-writes.ts'
import { prepareStatement } from './prepare-statement.ts'
import { type Connections, RequestTransaction, type TransactionOptions } from './request-transaction.ts'
import { learnLine } from './server-line.ts'
import { sessionSettings } from './session-settings.ts'
import { mostSilenceMs, Silence } from './silence.ts'
import { plainStatements } from './told-settings.ts'
import { sessionStatements } from './transaction-connection.ts'
import type { RequestClient, RequestSettings } from './with-pg-client.ts'

/** How the server reaches its database. */
export interface RequestPoolOptions {
  /** Of the login role `<app>_login`, which may only become a request's role. */
  readonly connectionString: string
  /** Connections at most; 10 when left out. */
  readonly max?: number
  /** A statement that runs longer is cancelled and answered with TIMEOUT; 15,000 when left out. */
  readonly statementTimeoutMs?: number
  /** How long a request waits for a connection; 10,000 when left out. */
  readonly connectTimeoutMs?: number
  /** False behind a pooler that gives each transaction another session, such as PgBouncer in transaction mode; true when left out. */
  readonly isSessionKept?: boolean
  /** Of the settings that requests come with, the role first; others are told in another way, which costs Postgres more. */
  readonly settingNames?: readonly string[]
  /** Told of connections that broke while idle. */
  readonly onError?: (error: Error) => void
}

/** The connections of all requests. Each is nobody's between two requests. */
export class RequestPool {
  readonly #options: RequestPoolOptions
  readonly #connections: Connections
  readonly #retiring = new Set<Promise<void>>()
  #pool: pg.Pool
  #generation = 0

  constructor(options: RequestPoolOptions) {
    this.#options = options
    this.#pool = makePool(options)
    this.#connections = {
      connect: (role) => takeAffine(this.#pool, role),
      connectAsLogin: () => this.#pool.connect(),
      isSessionKept: options.isSessionKept ?? true,
      statementTimeoutMs: statementTimeoutOf(options),
      settingNames: options.settingNames ?? [],
    }
  }

  /** A transaction for one request of one caller; takes a connection when it is first asked. Whoever begins it ends it. */
  begin(settings: RequestSettings, options: TransactionOptions): RequestTransaction {
    return new RequestTransaction(this.#connections, settings, options)
  }

  /** Runs work as one caller, in one transaction that may write; kept unless it throws. */
  async withPgClient<T>(settings: RequestSettings, work: (client: RequestClient) => T | Promise<T>): Promise<T> {
    const transaction = this.begin(settings, { access: 'write' })
    try {
      const result = await transaction.withPgClient(settings, work)
      await transaction.end({ isKept: true })
      return result
    } catch (error) {
      await transaction.end({ isKept: false })
      throw error
    }
  }

  /** Resolves when the database answers; rejects with what it says when it does not. */
  async ping(): Promise<void> {
    await this.#ask('select 1')
  }

  /** True when the role is there and the login may become it. */
  async mayBecome(role: string): Promise<boolean> {
    const text = "select pg_has_role(oid, 'member') as may from pg_catalog.pg_roles where rolname = $1"
    const { rows } = await this.#ask<{ may: boolean }>(text, [role])
    return rows[0]?.may === true
  }

  /** A read as the login. A connection that had broken tells nothing of the next. */
  async #ask<Row extends pg.QueryResultRow>(text: string, values: readonly string[] = []) {
    for (let tries = 1; ; tries++) {
      const client = await this.#pool.connect()
      let failure: Error | undefined
      try {
        const silence = new Silence(client, statementTimeoutOf(this.#options) + mostSilenceMs)
        return await silence.during(client.query<Row>(text, [...values]))
      } catch (error) {
        failure = error as Error
        if (tries === maxConnections || !isLost(error)) throw error
      } finally {
        client.release(failure)
      }
    }
  }

  /** Changes with each {@link recycle}. */
  get generation(): number {
    return this.#generation
  }

  /**
   * Leaves every connection behind, busy ones when they are done. After changes to roles, grants or columns cached
   * plans answer wrongly or not at all.
   */
  recycle(): void {
    const old = this.#pool
    if (old.ending) return
    this.#generation++
    this.#pool = makePool(this.#options)
    const retired = retire(old).catch((error: Error) => this.#options.onError?.(error))
    this.#retiring.add(retired)
    void retired.then(() => this.#retiring.delete(retired))
  }

  /** Resolves when every connection is closed; running work is waited for. */
  async close(): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end()
    await Promise.all(this.#retiring)
  }
}

const retirePollMs = 20

/** A pool that ends forgets who waits for a connection of it: they are served first. Nobody new comes. */
async function retire(pool: pg.Pool): Promise<void> {
  while (pool.waitingCount > 0) await sleep(retirePollMs)
  await pool.end()
}

const defaultConnectMs = 10_000

/** Connections do not live for ever: what a backend caches for its callers has an end. */
const maxUses = 10_000

function makePool(options: RequestPoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.max ?? defaultPoolSize,
    connectionTimeoutMillis: options.connectTimeoutMs ?? defaultConnectMs,
    maxUses,
    pipeline: true,
    onConnect: (client: pg.Client) => prepareSession(client, options),
  } as never)
  // Without a listener an idle connection that breaks ends the process.
  pool.on('error', (error) => options.onError?.(error))
  return pool
}

/** A statement that runs longer is cancelled. */
export const defaultStatementMs = 15_000

function statementTimeoutOf({ statementTimeoutMs = defaultStatementMs }: RequestPoolOptions): number {
  return statementTimeoutMs
}

async function prepareSession(client: pg.Client, options: RequestPoolOptions): Promise<void> {
  // The pool listens only while a connection is idle; one that breaks while it works would end the process. Its work
  // fails by itself, and it is not used again.
  client.on('error', () => undefined)
  gatherWrites(client)
  // All of it in one round trip.
  const sent: Promise<unknown>[] = [learnLine(client)]
  if (options.isSessionKept !== false) sent.push(...sendSession(client, options))
  await new Silence(client, options.connectTimeoutMs ?? defaultConnectMs).during(Promise.all(sent))
}

function* sendSession(client: pg.Client, options: RequestPoolOptions): Generator<Promise<unknown>> {
  const settings = [
    ...sessionSettings(statementTimeoutOf(options)),
    // For reads of one statement, which begin nothing.
    ['default_transaction_isolation', 'repeatable read'],
  ]
  const set = 'select set_config(el->>0, el->>1, false) from json_array_elements($1::json) el'
  yield client.query(set, [JSON.stringify(settings)])
  const statements = { ...sessionStatements, ...plainStatements(options.settingNames ?? []) }
  for (const [name, text] of Object.entries(statements)) yield prepareStatement(client, name, text)
}
