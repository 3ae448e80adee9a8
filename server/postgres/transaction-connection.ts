import type pg from 'pg'
import { Bug } from '#base'
import { cancelStatement } from './cancel-statement.ts'
import { isPoison, refusalOfRole } from './connection-errors.ts'
import { OpeningQuery, type Prefix } from './opening-query.ts'
import { keepPrepared } from './prepared-statements.ts'
import { sessionSettings } from './session-settings.ts'
import type { ClientQuery } from './with-pg-client.ts'

/** `read`: one snapshot for all that is asked, and Postgres refuses every change. */
export type Access = 'read' | 'write'

/** What a connection is told when its transaction opens. */
export interface Opening {
  readonly access: Access
  /** The role and the claims. */
  readonly settings: readonly (readonly [name: string, value: string])[]
  /** There is one statement and no more: it needs no `begin` and no `commit`. */
  readonly isAlone: boolean
  /** False behind a pooler that gives each transaction another session: nothing is prepared, and each says all. */
  readonly isSessionKept: boolean
  readonly statementTimeoutMs: number
}

const applySettings = 'select set_config(el->>0, el->>1, true) from json_array_elements($1::json) el'

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

/** What every session that is kept prepares once, by name. */
export const openingStatements: Readonly<Record<string, string>> = {
  rowhouse_settings: applySettings,
  rowhouse_read: begin.read,
  rowhouse_write: begin.write,
  rowhouse_forgiving: savepoint,
}

/** One transaction on one connection, from its first statement until the connection goes back. */
export class TransactionConnection {
  readonly #client: pg.PoolClient
  readonly #opening: Opening
  #isOpen = false
  #isPoisoned = false
  #isReleased = false
  /** Under way to Postgres: whether they can be told to be over. */
  readonly #cancels: Promise<boolean>[] = []

  constructor(client: pg.PoolClient, opening: Opening) {
    this.#client = client
    this.#opening = opening
  }

  /** Behind a statement of a read: one that fails takes nothing from those that come after it. */
  forgive(): void {
    this.#client.query(`rollback to savepoint ${forgiving}`).catch(() => undefined)
  }

  /** Sends a statement, the first one together with what opens the transaction; does not wait for those before it. */
  async query(query: ClientQuery): Promise<pg.QueryResult> {
    try {
      return await (this.#isOpen ? this.#client.query(this.#config(query)) : this.#open(query))
    } catch (error) {
      this.#isPoisoned ||= isPoison(error)
      throw error
    }
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
      const { command } = await this.#client.query(word)
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
      this.#client.release(this.#isPoisoned || this.#client.getTransactionStatus() !== 'I')
    }
  }

  #open(query: ClientQuery): Promise<pg.QueryResult> {
    this.#isOpen = true
    const opening = new OpeningQuery(this.#config(query), this.#prefixes())
    return new Promise((resolve, reject) => {
      opening.callback = (error, result) => {
        if (error === null) resolve(result)
        else reject(opening.isOpening ? refusalOfRole(error) : error)
      }
      this.#client.query(opening)
    })
  }

  #prefixes(): readonly Prefix[] {
    const { access, settings, isAlone, isSessionKept, statementTimeoutMs } = this.#opening
    const limits = [
      ...(isSessionKept ? [] : sessionSettings(statementTimeoutMs)),
      ['statement_timeout', String(statementTimeoutMs)],
      ['transaction_read_only', access === 'read' ? 'on' : 'off'],
    ]
    const prefix = (name: string, text: string, values: readonly string[]): Prefix => ({
      name: isSessionKept ? name : '',
      text,
      values,
    })
    const apply = prefix('rowhouse_settings', applySettings, [JSON.stringify([...limits, ...settings])])
    if (isAlone) return [apply]
    const begun = prefix(`rowhouse_${access}`, begin[access], [])
    return access === 'write' ? [begun, apply] : [begun, apply, prefix('rowhouse_forgiving', savepoint, [])]
  }

  #config(query: ClientQuery): pg.QueryConfig {
    const { text, values = [], arrayMode, name } = query
    const config = { text, values: [...values], ...(arrayMode === true ? { rowMode: 'array' } : {}) }
    const isPrepared = name !== undefined && this.#opening.isSessionKept && keepPrepared(this.#client, name)
    return isPrepared ? { ...config, name } : config
  }
}
