import type pg from 'pg'
import { LeanQuery, type Wire } from './lean-query.ts'

/** A statement that is only prepared. */
class Preparation extends LeanQuery {
  override prepare(wire: Wire): void {
    wire.parse({ name: this.name!, text: this.text })
    wire.sync()
  }
}

/** Prepares a statement on a connection, and does not run it: any there is, also one that may run in no session by itself. */
export function prepareStatement(client: pg.Client, name: string, text: string): Promise<void> {
  const preparation = new Preparation({ name, text })
  return new Promise((resolve, reject) => {
    preparation.callback = (error) => (error === null ? resolve() : reject(error))
    client.query(preparation)
  })
}
