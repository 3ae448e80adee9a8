import type pg from 'pg'
import { Bug } from '#base'
import { cancelStatement } from './cancel-statement.ts'
import { isPoison, isTold, refusalOfRole } from './connection-errors.ts'
import { FollowedStatement } from './followed-statement.ts'
import { OpeningQuery, type Prefix } from './opening-query.ts'
import { keepPrepared } from './prepared-statements.ts'
import type { SentChange } from './sent-change.ts'
import { knownLine } from './server-line.ts'
import { mostSilenceMs, Silence } from './silence.ts'
import { anySettings, creating, type PlainStatement, type Telling, toldSettings } from './told-settings.ts'
import type { ClientQuery } from './with-pg-client.ts'

/** `read`: one snapshot for all that is asked, and Postgres refuses every change. */
export type Access = 'read' | 'write'

/** What a connection is told when its transaction opens. */
export interface Opening extends Telling {
  /** There is one statement and no more: it needs no `begin` and no `commit`. */
  readonly isAlone: boolean
}

/**
 * Changes see what is committed when they look, because triggers lock and then look: in an older snapshot two rows could get one
 * number, or a tree a circle (decision 0055).
 */
const begin: Readonly<Record<Access, string>> = {
  read: 'begin isolation level repeatable read read only',
  write: 'begin isolation level read committed read write',
}

const forgiving = 'rowhouse_forgiving'
const savepoint = `savepoint ${forgiving}`

/** Tells the key of the row that was made behind `rowhouse_creating`: empty where there is none. */
export const created = {
  name: 'rowhouse_created',
  text: `select pg_catalog.current_setting('rowhouse.created_id', true) as answer,
  pg_catalog.set_config('rowhouse.creating', '', true)`,
} as const

/** What every session that is kept prepares once, by name, besides {@link plainStatements}. */
export const sessionStatements = {
  ...anySettings,
  rowhouse_read: begin.read,
  rowhouse_write: begin.write,
  rowhouse_forgiving: savepoint,
  rowhouse_creating: creating,
  rowhouse_created: created.text,
} as const

type SessionStatement = keyof typeof sessionStatements

/** What opens a transaction. */
interface Opened {
  readonly prefixes: readonly Prefix[]
  /** The new row is announced as well. */
  readonly isLed: boolean
}

const unled: Opened = { prefixes: [], isLed: false }

/** What a connection of `pg` has prepared, besides its types: version 8.23 is pinned. */
interface Prepared {
  readonly connection: { readonly parsedStatements: Readonly<Record<string, string | undefined>> }
}

/** When each connection was given back, having answered. */
const heardAt = new WeakMap<pg.PoolClient, number>()

/** Whatever stands between forgets connections that are silent for minutes, and does not say so. */
const freshMs = 10_000

/** One transaction on one connection, from its first statement until the connection goes back. */
export class TransactionConnection {
  readonly #client: pg.PoolClient
  readonly #opening: Opening
  readonly #silence: Silence
  #isOpen = false
  #isPoisoned = false
  #isReleased = false
  #changeId: string | null = null
  #hasNotBegun = false
  #followed: FollowedStatement | null = null
  /** Under way to Postgres: whether they can be told to be over. */
  readonly #cancels: Promise<boolean>[] = []

  constructor(client: pg.PoolClient, opening: Opening) {
    this.#client = client
    this.#opening = opening
    this.#silence = new Silence(client, opening.statementTimeoutMs + mostSilenceMs)
  }

  /** Behind a statement of a read: one that fails takes nothing from those that come after it. */
  forgive(): void {
    this.#client.query(`rollback to savepoint ${forgiving}`).catch(() => undefined)
  }

  /** Sends a statement, the first one together with what opens the transaction; does not wait for those before it. */
  async query(query: ClientQuery): Promise<pg.QueryResult> {
    const isFollowed = this.#followed === null && this.#mayBeFollowed(query)
    this.#silence.begins(isFollowed ? this.#opening.statementTimeoutMs : 0)
    try {
      return await (isFollowed ? this.#keepBack(query) : this.#sent(query))
    } catch (error) {
      this.#isPoisoned ||= isPoison(error)
      throw error
    } finally {
      this.#silence.ends()
    }
  }

  #sent(query: ClientQuery): Promise<pg.QueryResult> {
    if (query.lead !== undefined) this.#sendFollowed()
    const followed = this.#followed
    this.#followed = null
    const isPlain = this.#isOpen && followed === null && query.lead === undefined && query.arrayMode !== true
    return isPlain ? this.#client.query(this.#config(query)) : this.#led(query, followed)
  }

  /** Only what the connection has prepared: what else is said before a statement is taken for its own. */
  #mayBeFollowed({ isFollowed, name, text }: ClientQuery): boolean {
    if (isFollowed !== true || name === undefined || !this.#opening.isSessionKept) return false
    return (this.#client as unknown as Prepared).connection.parsedStatements[name] === text
  }

  #keepBack(query: ClientQuery): Promise<pg.QueryResult> {
    const followed = new FollowedStatement(query)
    this.#followed = followed
    // Where nothing comes behind it at once.
    process.nextTick(() => {
      if (this.#followed === followed) this.#sendFollowed()
    })
    return followed.answer
  }

  /** By itself. */
  #sendFollowed(): void {
    const followed = this.#followed
    this.#followed = null
    followed?.become(this.#led(followed.query, null))
  }

  /** What is to be asked about a change whose connection broke: known as soon as Postgres answered its opening. */
  get change(): SentChange {
    return { id: this.#changeId, line: knownLine(this.#client), hasNotBegun: this.#hasNotBegun }
  }

  /** True where Postgres was heard of only just now: what is sent arrives, but for a breakdown in this very moment. */
  get isFresh(): boolean {
    const at = heardAt.get(this.#client)
    // Else it was just made.
    return at === undefined || performance.now() - at < freshMs
  }

  /** Cancels what runs, if anything does. */
  cancel(): void {
    if (!this.#isReleased) this.#cancels.push(cancelStatement(this.#client))
  }

  /**
   * Ends the transaction behind all that was sent, and gives the connection back; one that is not outside of any transaction
   * then is destroyed.
   *
   * @param word null where nothing was begun
   */
  async end(word: 'commit' | 'rollback' | null): Promise<void> {
    try {
      this.#sendFollowed()
      if (word === null) return
      const { command } = await this.#silence.during(this.#client.query(word))
      // Work that swallowed an error of its own would otherwise look as if it had been kept.
      if (word === 'commit' && command === 'ROLLBACK')
        throw new Bug('A transaction failed and its work did not say so.')
    } catch (error) {
      this.#isPoisoned ||= isPoison(error)
      if (word === 'commit') throw error
    } finally {
      // One that came late would cancel what the connection runs for somebody else.
      for (let cancel = this.#cancels.shift(); cancel !== undefined; cancel = this.#cancels.shift())
        this.#isPoisoned = !(await cancel) || this.#isPoisoned
      this.#isReleased = true
      heardAt.set(this.#client, performance.now())
      this.#client.release(this.#isPoisoned || this.#client.getTransactionStatus() !== 'I')
    }
  }

  /** With what goes before it. */
  #led(query: ClientQuery, followed: FollowedStatement | null): Promise<pg.QueryResult> {
    const { lead } = followed?.query ?? query
    const opened = this.#isOpen ? unled : this.#opened(lead?.values ?? null)
    this.#isOpen = true
    const leads = lead === undefined || opened.isLed ? [] : [this.#prefix(lead.statement, lead.values)]
    if (followed !== null) leads.push(this.#ahead(followed))
    const opening = new OpeningQuery(this.#config(query), opened.prefixes, leads)
    return new Promise((resolve, reject) => {
      opening.callback = (error, result) => {
        if (error === null) return resolve(result)
        this.#hasNotBegun ||= opening.isOpening && isTold(error)
        const refusal = opening.isOpening ? refusalOfRole(error) : error
        reject(followed === null ? refusal : followed.fail(refusal))
      }
      this.#client.query(opening)
    })
  }

  #ahead(followed: FollowedStatement): Prefix {
    const { name, values = [] } = followed.query
    return followed.prefix(name!, values as readonly (string | null)[])
  }

  /** @param led what announces a new row */
  #opened(led: readonly string[] | null): Opened {
    const { access, isAlone } = this.#opening
    const { isPlain, values } = toldSettings(this.#opening)
    const settings = this.#prefix(isPlain ? 'rowhouse_plain_settings' : 'rowhouse_settings', values)
    if (isAlone) return { prefixes: [settings], isLed: false }
    const begun = this.#prefix(`rowhouse_${access}`)
    if (access === 'read') return { prefixes: [begun, settings, this.#prefix('rowhouse_forgiving')], isLed: false }
    const onRow = ([id]: readonly (string | null)[]) => {
      this.#changeId = id ?? null
    }
    if (!isPlain) return { prefixes: [begun, { ...this.#prefix('rowhouse_change', values), onRow }], isLed: false }
    const told =
      led === null
        ? this.#prefix('rowhouse_plain_change', values)
        : this.#prefix('rowhouse_plain_creating', [...values, ...led])
    return { prefixes: [begun, { ...told, onRow }], isLed: led !== null }
  }

  #prefix(name: SessionStatement | PlainStatement, values: readonly string[] = []): Prefix {
    const text = Object.hasOwn(sessionStatements, name) ? sessionStatements[name as SessionStatement] : ''
    return { name: this.#opening.isSessionKept ? name : '', text, values }
  }

  #config(query: ClientQuery): pg.QueryConfig {
    const { text, values = [], arrayMode, name } = query
    const config = { text, values: [...values], ...(arrayMode === true ? { rowMode: 'array' } : {}) }
    const isPrepared =
      name !== undefined &&
      this.#opening.isSessionKept &&
      (Object.hasOwn(sessionStatements, name) || keepPrepared(this.#client, name))
    return isPrepared ? { ...config, name } : config
  }
}
