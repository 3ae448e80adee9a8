import type pg from 'pg'
import { type CommandComplete, type DataRow, LeanQuery, type Wire } from './lean-query.ts'

/** A statement before the first one of a transaction. */
export interface Prefix {
  /** Prepared on the connection before; empty: sent with its text. */
  readonly name: string
  readonly text: string
  readonly values: readonly (string | null)[]
  /** Told the texts of each row as it comes; left out: nobody wants them. */
  readonly onRow?: (fields: readonly (string | null)[]) => void
  /** Told what Postgres says when it is done: `INSERT 0 1`. */
  readonly onDone?: (tag: string) => void
}

/**
 * A statement that travels together with what opens its transaction: `begin`, the settings and the statement are one message to
 * Postgres and one answer. When one of them fails, those behind it do not run.
 */
export class OpeningQuery extends LeanQuery {
  readonly #prefixes: readonly Prefix[]
  readonly #leads: number
  #ahead: number

  /** @param leads statements behind those that open the transaction, and before this one */
  constructor(config: pg.QueryConfig, prefixes: readonly Prefix[], leads: readonly Prefix[]) {
    super(config)
    this.#prefixes = [...prefixes, ...leads]
    this.#leads = leads.length
    this.#ahead = this.#prefixes.length
  }

  /** True until all statements that open the transaction are done: what failed was one of them. */
  get isOpening(): boolean {
    return this.#ahead > this.#leads
  }

  override prepare(wire: Wire): void {
    for (const { name, text, values } of this.#prefixes) {
      if (name === '') wire.parse({ name, text })
      wire.bind({ statement: name, values })
      wire.execute({})
    }
    super.prepare(wire)
  }

  override handleDataRow(message: DataRow, wire: Wire): void {
    if (this.#ahead === 0) super.handleDataRow(message, wire)
    else this.#prefixes.at(-this.#ahead)?.onRow?.(message.fields)
  }

  override handleCommandComplete(message: CommandComplete, wire: Wire): void {
    if (this.#ahead === 0) super.handleCommandComplete(message, wire)
    else this.#prefixes.at(-this.#ahead--)?.onDone?.(message.text)
  }
}
