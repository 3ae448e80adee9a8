import type pg from 'pg'
import { Bug, RequestError } from '#base'
import { ChangeAhead, type PlannedChange } from './change-ahead.ts'
import { isCollision, isLost, refuseBusy } from './connection-errors.ts'
import { withLateValues } from './late-value.ts'
import { isUnknownOutcome, settleChange, unknownOutcome } from './sent-change.ts'
import { settingEntries } from './setting-entries.ts'
import { type Access, TransactionConnection } from './transaction-connection.ts'
import type { ClientQuery, ClientResult, RequestClient, RequestSettings, WithPgClient } from './with-pg-client.ts'

/** How transactions come to their connections. */
export interface Connections {
  /** One that nobody else uses; best one that last served the role. */
  connect(role: string): Promise<pg.PoolClient>
  /** Any that nobody else uses. */
  connectAsLogin(): Promise<pg.PoolClient>
  readonly isSessionKept: boolean
  readonly statementTimeoutMs: number
  /** Names of settings, the role first, that connections know a short way to be told of. */
  readonly settingNames: readonly string[]
}

/** What of a change still runs when its connection breaks is over after the statement timeout; so much longer until it is told. */
const settlingMs = 500

/** How a transaction of a request is opened. */
export interface TransactionOptions {
  readonly access: Access
  /** Every change waits for its answers, also where it need not. */
  readonly isWaiting?: boolean
  /** Aborted: what Postgres still runs for it is cancelled. */
  readonly signal?: GivenUp | null
}

interface Ending {
  readonly connection: TransactionConnection
  readonly ending: Promise<void>
}

/** What of an `AbortSignal` a transaction asks: whether anybody still waits for its answer. */
export interface GivenUp {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options: { readonly once: true }): void
}

/**
 * All that one request asks of Postgres: one connection and one transaction, taken when the first statement comes. What opens it
 * travels with that statement, and what ends a read with its last one: a read of one statement is one round trip, and one of several
 * takes as many as wait for each other.
 */
export class RequestTransaction {
  /** What plans find in their context. */
  readonly withPgClient: WithPgClient
  readonly #connections: Connections
  readonly #settings: RequestSettings
  readonly #entries: readonly (readonly [string, string])[]
  readonly #options: TransactionOptions
  #connection: Promise<TransactionConnection> | null = null
  #cancel: (() => void) | null = null
  #isEnded = false
  #isGivenUp = false
  /** Statements that a read sends at most; null: nobody knows. */
  #expected: number | null = null
  #sent = 0
  #running = 0
  #failure: unknown
  #ahead: ChangeAhead | null = null
  /** Of a change whose end was sent along. */
  #ending: Ending | null = null
  #isKept = false
  /** Held by the savepoint that is open: nothing from outside of it comes in between. */
  #gate: Promise<unknown> | null = null

  constructor(connections: Connections, settings: RequestSettings, options: TransactionOptions) {
    this.#connections = connections
    this.#settings = settings
    this.#entries = settingEntries(settings)
    this.#options = options
    const run = async <T>(given: RequestSettings, work: (client: RequestClient) => T | Promise<T>): Promise<T> => {
      if (given !== this.#settings) throw new Bug('A step asked as somebody else than its request.')
      return await work(this.#client(0))
    }
    this.withPgClient = Object.assign(run, { release: () => undefined })
  }

  /** The first thing that failed in Postgres; undefined: nothing did. */
  get failure(): unknown {
    return this.#failure
  }

  /** How many statements a read sends at most: the last one takes the end of the transaction along. */
  expect(statements: number): void {
    if (this.#options.access === 'read' && this.#sent === 0) this.#expected = statements
  }

  /** What a mutation is going to do: unless it shall wait, it goes ahead. */
  expectChange(plan: PlannedChange): void {
    const { access, isWaiting = false } = this.#options
    if (access === 'write' && !isWaiting && this.#sent === 0) this.#ahead = new ChangeAhead(plan)
  }

  /** True where a change that nobody waited for did not come to pass: nothing is kept, and nobody knows yet what to say. */
  async hasFailedAhead(): Promise<boolean> {
    return this.#ahead !== null && (await this.#ahead.hasFailed())
  }

  /** True when a change is known to be kept for good. */
  get isKept(): boolean {
    return this.#isKept
  }

  /**
   * Ends it. Resolves when a change is kept for good; a read has nothing to wait for. Where the connection breaks between the order to keep
   * a change and the answer, another one asks what became of it.
   *
   * @throws what Postgres says when it refuses to commit, or what broke where nothing was kept; UNAVAILABLE, with `outcome: unknown`, where
   * nobody could say which
   */
  async end({ isKept }: { readonly isKept: boolean }): Promise<void> {
    if (this.#ending !== null) return await this.#endedAhead(this.#ending, isKept)
    if (this.#isEnded || this.#connection === null) return
    this.#isEnded = true
    const connection = await this.#connection.catch(() => null)
    if (connection === null) return
    this.#giveUp()
    const ending = connection.end(isKept ? 'commit' : 'rollback')
    if (this.#options.access === 'write') await this.#ended({ connection, ending }, isKept)
    else ending.catch(() => undefined)
  }

  async #ended({ connection, ending }: Ending, isKept: boolean): Promise<void> {
    try {
      await ending
    } catch (error) {
      if (!(isKept && isLost(error) && (await this.#settle(connection)) === 'kept')) {
        // Of a statement that nobody waited for, the end only tells that something failed.
        this.#failure ??= error
        throw this.#failure
      }
    }
    this.#isKept = isKept
  }

  /** Whatever the answer came to, the order to keep the change was sent; where a statement before it failed, Postgres kept nothing. */
  async #endedAhead(ending: Ending, isKept: boolean): Promise<void> {
    if (!isKept) this.#giveUp()
    try {
      await this.#ended(ending, true)
    } catch (error) {
      if (isKept || isUnknownOutcome(error)) throw error
    }
  }

  /** @throws UNAVAILABLE where nobody can say */
  async #settle({ change }: TransactionConnection): Promise<'kept' | 'undone'> {
    const connect = () => this.#connections.connectAsLogin()
    const patienceMs = this.#connections.statementTimeoutMs + settlingMs
    const settled = await settleChange(change, { connect, patienceMs, signal: this.#options.signal ?? null })
    if (settled === 'unknown') throw unknownOutcome()
    return settled
  }

  #client(level: number): RequestClient {
    return {
      ahead: level === 0 ? this.#ahead : null,
      settings: this.#settings,
      finish: () => {
        this.#finish().catch(() => undefined)
      },
      query: <Row>(query: ClientQuery) => this.#query<Row>(query, level),
      send: (query) => {
        this.#send(query).catch((error: unknown) => this.#failed(error))
      },
      withTransaction: (work) => this.#savepoint(level, work),
    }
  }

  async #query<Row>(query: ClientQuery, level: number): Promise<ClientResult<Row>> {
    while (level === 0 && this.#gate !== null) await this.#gate
    if (this.#isEnded) throw new Bug('A statement was sent after its transaction had ended.')
    this.#running++
    try {
      const { rows, rowCount } = await this.#send(query)
      return { rows: rows as Row[], rowCount, notices: [] }
    } catch (error) {
      // Going back to a savepoint mends a refusal, and no connection that is gone, nor what others wait for.
      throw level === 0 || isLost(error) || isCollision(error) ? this.#failed(error) : error
    } finally {
      this.#running--
      if (this.#isGivenUp) this.#giveUp()
    }
  }

  /** Nobody waits for the answers any more. They are cancelled one after the other: the protocol knows only what runs just then. */
  #giveUp(): void {
    this.#isGivenUp = true
    if (this.#running > 0) this.#cancel?.()
  }

  /** Who comes behind a change that failed is only told that the transaction is aborted. */
  #failed(error: unknown): unknown {
    this.#failure ??= error
    if ((error as { code?: unknown } | null)?.code !== '25P02') return error
    return new RequestError('ROLLED_BACK', 'Not done, because another part of the same request failed.')
  }

  async #send(query: ClientQuery): Promise<pg.QueryResult> {
    this.#connection ??= this.#connect()
    const connection = await this.#connection
    // Also what waited meanwhile for a connection, or for others.
    refuseGivenUp(this.#options.signal)
    const isLast = ++this.#sent === this.#expected
    if (isLast) this.#isEnded = true
    const answer = connection.query(withLateValues(query))
    if (query.arrayMode === true && query.isInside !== true) this.#ahead?.count()
    if (isLast) this.#endBehind(connection, answer)
    else if (this.#ahead !== null) this.#endAhead(connection)
    else if (this.#options.access === 'read') connection.forgive()
    return await answer
  }

  #endBehind(connection: TransactionConnection, answer: Promise<unknown>): void {
    const alone = () => connection.end(null)
    const ending = this.#isAlone ? answer.then(alone, alone) : connection.end('commit')
    ending.catch(() => undefined)
  }

  async #finish(): Promise<void> {
    if (this.#ahead === null || this.#connection === null) return
    const connection = await this.#connection
    this.#ahead.finish()
    this.#endAhead(connection)
  }

  /** On a connection that may be gone nothing is sent that could not be sent again. */
  #endAhead(connection: TransactionConnection): void {
    if (this.#isEnded || this.#ahead?.isOver !== true || !connection.isFresh) return
    this.#isEnded = true
    const ending = connection.end('commit')
    ending.catch(() => undefined)
    this.#ending = { connection, ending }
  }

  get #isAlone(): boolean {
    return this.#expected === 1 && this.#connections.isSessionKept
  }

  async #connect(): Promise<TransactionConnection> {
    const { access, signal } = this.#options
    const { isSessionKept, statementTimeoutMs, settingNames } = this.#connections
    refuseGivenUp(signal)
    const client = await this.#connections.connect(this.#settings.role).catch(refuseBusy)
    signal?.addEventListener('abort', () => this.#giveUp(), { once: true })
    const connection = new TransactionConnection(client, {
      ...{ access, settings: this.#entries, isAlone: this.#isAlone, isSessionKept, statementTimeoutMs, settingNames },
    })
    this.#cancel = () => connection.cancel()
    return connection
  }

  async #savepoint<T>(level: number, work: (client: RequestClient) => Promise<T>): Promise<T> {
    if (level > 0) return await this.#inSavepoint(level, work)
    while (this.#gate !== null) await this.#gate
    const running = this.#inSavepoint(level, work)
    const open = () => {
      this.#gate = null
    }
    this.#gate = running.then(open, open)
    return await running
  }

  async #inSavepoint<T>(level: number, work: (client: RequestClient) => Promise<T>): Promise<T> {
    const inner = this.#client(level + 1)
    const name = `rowhouse_${level}`
    // Not waited for: what comes behind fails where it does.
    const begun = inner.query({ text: `savepoint ${name}` })
    begun.catch(() => undefined)
    try {
      const result = await work(inner)
      await inner.query({ text: `release savepoint ${name}` })
      return result
    } catch (error) {
      await begun
      await inner.query({ text: `rollback to savepoint ${name}` })
      throw error
    }
  }
}

/** Told to nobody: whoever asked has gone. */
function refuseGivenUp(signal: GivenUp | null | undefined): void {
  if (signal?.aborted === true) throw new RequestError('TIMEOUT', 'The request was given up.')
}
