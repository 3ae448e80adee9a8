import type pg from 'pg'
import { isLost } from './connection-errors.ts'
import type { Prefix } from './opening-query.ts'
import type { ClientQuery } from './with-pg-client.ts'

/** A statement that is kept back until the one behind it comes, to be answered together with it: each answer of Postgres by itself costs both sides a message. */
export class FollowedStatement {
  readonly query: ClientQuery
  /** What Postgres says of it. */
  readonly answer: Promise<pg.QueryResult>
  #resolve!: (answer: pg.QueryResult | Promise<pg.QueryResult>) => void
  #reject!: (error: unknown) => void
  #isDone = false

  constructor(query: ClientQuery) {
    this.query = query
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** It is sent by itself after all. */
  become(answer: Promise<pg.QueryResult>): void {
    this.#resolve(answer)
  }

  /** As what goes before the one behind it, with its parameters as texts. */
  prefix(name: string, values: readonly (string | null)[]): Prefix {
    const onDone = (tag: string) => {
      this.#isDone = true
      const rowCount = Number(tag.slice(tag.lastIndexOf(' ') + 1))
      this.#resolve({ rows: [], rowCount, command: tag.split(' ', 1)[0]!, oid: 0, fields: [] })
    }
    return { name, text: this.query.text, values, onDone }
  }

  /** Where it or anything before it fails, what is behind it only hears that the transaction is aborted, as from Postgres. */
  fail(error: unknown): unknown {
    if (this.#isDone) return error
    this.#reject(error)
    return isLost(error) ? error : Object.assign(new Error('current transaction is aborted'), { code: '25P02' })
  }
}
