import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createWithPgClient, type WithPgClient } from './with-pg-client.ts'

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
  /** Told of connections that broke while idle. */
  readonly onError?: (error: Error) => void
}

/** The connections of all requests. Each is nobody's between two requests. */
export class RequestPool {
  /** Runs work as one caller, in one transaction. */
  readonly withPgClient: WithPgClient
  readonly #options: RequestPoolOptions
  readonly #retiring = new Set<Promise<void>>()
  #pool: pg.Pool

  constructor(options: RequestPoolOptions) {
    this.#options = options
    this.#pool = makePool(options)
    this.withPgClient = createWithPgClient(() => this.#pool)
  }

  /** Resolves when the database answers; rejects with what it says when it does not. */
  async ping(): Promise<void> {
    await this.#pool.query('select 1')
  }

  /** True when the role is there and the login may become it. */
  async mayBecome(role: string): Promise<boolean> {
    const text = "select pg_has_role(oid, 'member') as may from pg_catalog.pg_roles where rolname = $1"
    const { rows } = await this.#pool.query<{ may: boolean }>(text, [role])
    return rows[0]?.may === true
  }

  /**
   * Leaves every connection behind, busy ones when they are done. After changes to roles, grants or columns cached
   * plans answer wrongly or not at all.
   */
  recycle(): void {
    const old = this.#pool
    if (old.ending) return
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

/** Connections do not live for ever: what a backend caches for its callers has an end. */
const maxUses = 10_000

function makePool(options: RequestPoolOptions): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? 15_000
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    maxUses,
    pipeline: true,
    onConnect: (client: pg.Client) => prepareSession(client, statementTimeoutMs),
  } as never)
  // Without a listener an idle connection that breaks ends the process.
  pool.on('error', (error) => options.onError?.(error))
  return pool
}

async function prepareSession(client: pg.Client, statementTimeoutMs: number): Promise<void> {
  // The pool listens only while a connection is idle; one that breaks while it works would end the process. Its work
  // fails by itself, and it is not used again.
  client.on('error', () => undefined)
  await client.query('select set_config(el->>0, el->>1, false) from json_array_elements($1::json) el', [
    JSON.stringify([
      ['timezone', 'UTC'],
      ['datestyle', 'ISO, YMD'],
      ['search_path', ''],
      ['statement_timeout', String(statementTimeoutMs)],
      // A request holds its connection only while it works; whoever sleeps inside a transaction is stuck.
      ['idle_in_transaction_session_timeout', String(statementTimeoutMs)],
      // Compiling a plan costs more than running it at our sizes.
      ['jit_optimize_above_cost', '-1'],
    ]),
  ])
}
