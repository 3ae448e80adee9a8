import type pg from 'pg'
import { Bug, RequestError } from '#base'

/** What a transaction runs as: `role` and one entry for each setting of the request. Values are bound, never written into SQL. */
export type RequestSettings = Readonly<Record<string, string>> & { readonly role: string }

/** A statement as Grafast and our mutations send it. */
export interface ClientQuery {
  readonly text: string
  readonly values?: readonly unknown[]
  readonly arrayMode?: boolean
  /** Only given by Grafast, to reads that are alone in their transaction. */
  readonly name?: string
}

/** Rows of a statement. */
export interface ClientResult<Row = Record<string, unknown>> {
  readonly rows: readonly Row[]
  readonly rowCount: number | null
  readonly notices: readonly never[]
}

/** One open transaction of one caller. */
export interface RequestClient {
  query<Row = Record<string, unknown>>(query: ClientQuery): Promise<ClientResult<Row>>
  withTransaction<T>(work: (client: RequestClient) => Promise<T>): Promise<T>
}

/** Runs work in a transaction of its own, as the role and with the claims of `settings`; what Grafast expects in its context. */
export interface WithPgClient {
  <T>(settings: RequestSettings, work: (client: RequestClient) => T | Promise<T>): Promise<T>
  release(): void
}

const roleName = /^[a-z][a-z0-9_]*$/
const settingName = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/
const applySettings = 'select set_config(el->>0, el->>1, true) from json_array_elements($1::json) el'
/** Named statements that one connection keeps; callers choose the text, so there must be an end. */
const maxPrepared = 200

/**
 * Every call is `begin`, settings, work, `commit` on one connection of the pool. The first three travel together (two
 * round trips in all); a lone read sends the commit along as well (one). Settings are local to the transaction, and only
 * a connection that is outside any transaction goes back to the pool.
 *
 * @param pool must have been made with `pipeline: true`
 */
export function createWithPgClient(pool: () => pg.Pool): WithPgClient {
  const withPgClient = async <T>(settings: RequestSettings, work: (client: RequestClient) => T | Promise<T>) => {
    const entries = settingEntries(settings)
    const client = await pool().connect().catch(refuseBusy)
    const transaction = new Transaction(client, entries)
    let poisoned = false
    try {
      const result = await work(transaction.client(0))
      await transaction.commit()
      return result
    } catch (error) {
      poisoned = isPoison(error)
      await transaction.rollback()
      throw error
    } finally {
      client.release(poisoned || client.getTransactionStatus() !== 'I')
    }
  }
  return Object.assign(withPgClient, { release: () => undefined })
}

/** @throws Bug when a name could be anything but a role or a setting of ours; the callers of this file made them. */
function settingEntries(settings: RequestSettings): readonly (readonly [string, string])[] {
  if (!roleName.test(settings.role ?? '')) throw new Bug('A request needs a role, in lower case letters, digits and _.')
  const entries = Object.entries(settings)
  for (const [name, value] of entries) {
    if (name !== 'role' && !settingName.test(name)) throw new Bug(`"${name}" is not the name of a setting.`)
    if (typeof value !== 'string') throw new Bug(`The setting "${name}" is not a text.`)
  }
  return entries
}

class Transaction {
  readonly #client: pg.PoolClient
  readonly #settings: readonly (readonly [string, string])[]
  #state: 'new' | 'open' | 'closed' = 'new'

  constructor(client: pg.PoolClient, settings: readonly (readonly [string, string])[]) {
    this.#client = client
    this.#settings = settings
  }

  client(level: number): RequestClient {
    return {
      query: <Row>(query: ClientQuery) => this.#query<Row>(query, level === 0),
      withTransaction: (work) => this.#savepoint(level, work),
    }
  }

  async commit(): Promise<void> {
    if (this.#state !== 'open') return
    const { command } = await this.#client.query('commit')
    this.#state = 'closed'
    // Work that swallowed an error of its own would otherwise look as if it had been kept.
    if (command === 'ROLLBACK') throw new Bug('A transaction failed and its work did not say so.')
  }

  /** Never throws: a connection that cannot roll back is not idle, and is destroyed for that. */
  async rollback(): Promise<void> {
    if (this.#state !== 'open') return
    this.#state = 'closed'
    await this.#client.query('rollback').catch(() => undefined)
  }

  async #query<Row>(query: ClientQuery, outermost: boolean): Promise<ClientResult<Row>> {
    if (this.#state === 'closed') throw new Bug('A statement was sent after its transaction had ended.')
    const opening = this.#state === 'new' ? this.#open() : null
    const running = this.#client.query(this.#prepared(query)) as Promise<unknown> as Promise<ClientResult<Row>>
    const alone = opening !== null && outermost && query.name !== undefined
    const closing = alone ? this.#client.query('commit') : null
    if (alone) this.#state = 'closed'
    const results = await Promise.allSettled([opening, running, closing])
    // The first failure is the cause; the ones behind it only say that the transaction is aborted.
    for (const result of results) if (result.status === 'rejected') throw result.reason
    const { rows, rowCount } = await running
    return { rows, rowCount, notices: [] }
  }

  /** Sent without waiting: if a setting is refused the transaction is aborted, and what is behind it cannot run. */
  #open(): Promise<unknown> {
    this.#state = 'open'
    const begun = this.#client.query('begin')
    const set = this.#client.query({
      name: 'rowhouse_settings',
      text: applySettings,
      values: [JSON.stringify(this.#settings)],
    })
    return Promise.all([begun, set.catch(refuseRole)])
  }

  async #savepoint<T>(level: number, work: (client: RequestClient) => Promise<T>): Promise<T> {
    const inner = this.client(level + 1)
    const name = `rowhouse_${level}`
    await inner.query({ text: `savepoint ${name}` })
    try {
      const result = await work(inner)
      await inner.query({ text: `release savepoint ${name}` })
      return result
    } catch (error) {
      await inner.query({ text: `rollback to savepoint ${name}` })
      throw error
    }
  }

  #prepared(query: ClientQuery): pg.QueryConfig {
    const { text, values = [], arrayMode, name } = query
    const config = { text, values: [...values], ...(arrayMode === true ? { rowMode: 'array' } : {}) }
    return name !== undefined && keepPrepared(this.#client, name) ? { ...config, name } : config
  }
}

const preparedOn = new WeakMap<pg.PoolClient, { readonly once: Set<string>; readonly kept: Set<string> }>()

/** True from the second use on, while there is room: a text that is sent once is not worth keeping. */
function keepPrepared(client: pg.PoolClient, name: string): boolean {
  let known = preparedOn.get(client)
  if (known === undefined) {
    known = { once: new Set(), kept: new Set() }
    preparedOn.set(client, known)
  }
  if (known.kept.has(name)) return true
  if (!known.once.delete(name)) {
    if (known.once.size >= maxPrepared) known.once.clear()
    known.once.add(name)
    return false
  }
  if (known.kept.size >= maxPrepared) return false
  known.kept.add(name)
  return true
}

/** Every connection was taken for as long as a request may wait. */
function refuseBusy(error: unknown): never {
  if (error instanceof Error && error.message === 'timeout exceeded when trying to connect') {
    throw new RequestError('TIMEOUT', 'The server is busy. Try again.', { retry: true })
  }
  throw error
}

/** The role of the request is not there, or the login may not become it. */
function refuseRole(error: unknown): never {
  const { code } = error as { code?: unknown }
  if (code === '22023' || code === '42704' || code === '42501') {
    throw new RequestError('FORBIDDEN', 'This combination of roles is not set up on this server.', {
      reason: 'ROLE_SET',
    })
  }
  throw error
}

/** True when the connection must not serve anybody else: it is gone, or keeps plans that a change of the database broke. */
function isPoison(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (typeof code !== 'string') return !(error instanceof RequestError) && !(error instanceof Bug)
  if (code === '0A000' && String(message).includes('cached plan')) return true
  return !/^[0-9A-Z]{5}$/.test(code) || /^(08|57P|XX)/.test(code)
}
