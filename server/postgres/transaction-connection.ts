import type pg from 'pg'
import { Bug } from '#base'
import { cancelStatement } from './cancel-statement.ts'
import { isPoison, isTold, refusalOfRole } from './connection-errors.ts'
import { OpeningQuery, type Prefix } from './opening-query.ts'
import { keepPrepared } from './prepared-statements.ts'
import type { SentChange } from './sent-change.ts'
import { knownLine } from './server-line.ts'
import { sessionSettings } from './session-settings.ts'
import type { SettingEntries } from './setting-entries.ts'
import { mostSilenceMs, Silence } from './silence.ts'
import type { ClientQuery } from './with-pg-client.ts'

/** `read`: one snapshot for all that is asked, and Postgres refuses every change. */
export type Access = 'read' | 'write'

/** What a connection is told when its transaction opens. */
export interface Opening {
  readonly access: Access
  /** The role and the claims. */
  readonly settings: SettingEntries
  /** There is one statement and no more: it needs no `begin` and no `commit`. */
  readonly isAlone: boolean
  /** False behind a pooler that gives each transaction another session: nothing is prepared, and each says all. */
  readonly isSessionKept: boolean
  readonly statementTimeoutMs: number
}

const applySettings = 'select set_config(el->>0, el->>1, true) from json_array_elements($1::json) el'

/** The same, and the id of the transaction: whoever knows it can ask later what became of the change (decision 0064). */
const applyToChange =
  'select pg_current_xact_id(), count(set_config(el->>0, el->>1, true)) from json_array_elements($1::json) el'

/**
 * Changes see what is committed when they look, because triggers lock and then look: in an older snapshot two rows could get one
 * number, or a tree a circle (decision 0055).
 */
const begin: Readonly<Record<Access, string>> = {
  read: 'begin isolation level repeatable read read only',
  write: 'begin isolation level read committed read write',
}

/** The triggers of a new row tell its key: `returning` needs the right to read. */
const creating = `select pg_catalog.set_config('rowhouse.creating', $1::text::regclass::oid::text, true),
  pg_catalog.set_config('rowhouse.created_id', '', true)`

const forgiving = 'rowhouse_forgiving'
const savepoint = `savepoint ${forgiving}`

/** Tells the key of the row that was made behind `rowhouse_creating`: empty where there is none. */
export const created = {
  name: 'rowhouse_created',
  text: `select pg_catalog.current_setting('rowhouse.created_id', true) as answer,
  pg_catalog.set_config('rowhouse.creating', '', true)`,
} as const

/** What every session that is kept prepares once, by name. */
export const sessionStatements = {
  rowhouse_settings: applySettings,
  rowhouse_change: applyToChange,
  rowhouse_read: begin.read,
  rowhouse_write: begin.write,
  rowhouse_forgiving: savepoint,
  rowhouse_creating: creating,
  rowhouse_created: created.text,
} as const

type SessionStatement = keyof typeof sessionStatements

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
    this.#silence.begins()
    try {
      const isPlain = this.#isOpen && query.lead === undefined && query.arrayMode !== true
      return await (isPlain ? this.#client.query(this.#config(query)) : this.#led(query))
    } catch (error) {
      this.#isPoisoned ||= isPoison(error)
      throw error
    } finally {
      this.#silence.ends()
    }
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
  #led(query: ClientQuery): Promise<pg.QueryResult> {
    const prefixes = this.#isOpen ? [] : this.#prefixes()
    this.#isOpen = true
    const { lead } = query
    const leads = lead === undefined ? [] : [this.#prefix(lead.statement, lead.values)]
    const opening = new OpeningQuery(this.#config(query), prefixes, leads)
    return new Promise((resolve, reject) => {
      opening.callback = (error, result) => {
        if (error === null) return resolve(result)
        this.#hasNotBegun ||= opening.isOpening && isTold(error)
        reject(opening.isOpening ? refusalOfRole(error) : error)
      }
      this.#client.query(opening)
    })
  }

  #prefixes(): readonly Prefix[] {
    const { access, isAlone } = this.#opening
    const told = [toldOf(this.#opening)]
    if (isAlone) return [this.#prefix('rowhouse_settings', told)]
    const begun = this.#prefix(`rowhouse_${access}`)
    if (access === 'read') return [begun, this.#prefix('rowhouse_settings', told), this.#prefix('rowhouse_forgiving')]
    const onRow = ([id]: readonly (string | null)[]) => {
      this.#changeId = id ?? null
    }
    return [begun, { ...this.#prefix('rowhouse_change', told), onRow }]
  }

  #prefix(name: SessionStatement, values: readonly string[] = []): Prefix {
    return { name: this.#opening.isSessionKept ? name : '', text: sessionStatements[name], values }
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

/** Settings as JSON, by what they are made of. */
const toldBefore = new WeakMap<SettingEntries, Map<string, string>>()

function toldOf({ access, settings, isSessionKept, statementTimeoutMs }: Opening): string {
  const known = toldBefore.get(settings) ?? new Map<string, string>()
  toldBefore.set(settings, known)
  const key = `${access} ${isSessionKept} ${statementTimeoutMs}`
  const before = known.get(key)
  if (before !== undefined) return before
  const told = JSON.stringify([
    ...(isSessionKept ? [] : sessionSettings(statementTimeoutMs)),
    ['statement_timeout', String(statementTimeoutMs)],
    ['transaction_read_only', access === 'read' ? 'on' : 'off'],
    ...settings,
  ])
  known.set(key, told)
  return told
}
