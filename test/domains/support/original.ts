import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { type Domain, dumpText } from './dump-files.ts'

/** The dump as it is, in a database of its own that Rowhouse never touches: what answers are compared with. */
export interface Original {
  readonly url: string
  /** Rows of a query written by hand. Days and exact numbers are texts, as in GraphQL. */
  // biome-ignore lint/suspicious/noExplicitAny: rows of any shape
  rows(text: string, values?: readonly unknown[]): Promise<any[]>
}

/** A dump in a database of its own for the file that calls this at its top; before the hooks that are set up after it. */
export function useOriginal(domain: Domain): () => Original {
  let database: TestDatabase | undefined
  let last: Promise<unknown> = Promise.resolve()
  beforeAll(async () => {
    database = await createTestDatabase({ prepared: false, migrator: 'plain' })
    await loadDump(database.migrator, domain)
  })
  afterAll(async () => {
    await database?.close()
  })
  return () => ({
    url: database!.migratorUrl,
    rows: (text, values = []) => {
      // One after the other on the one connection.
      const next = last.then(() => database!.migrator.query({ text, values: [...values], types }))
      last = next.catch(() => {})
      return next.then((result) => result.rows)
    },
  })
}

/** Runs a dump on a connection; its settings stay behind. */
export async function loadDump(client: pg.ClientBase, domain: Domain): Promise<void> {
  await client.query(dumpText(domain))
}

const asText = new Set<number>([pg.types.builtins.DATE, pg.types.builtins.TIMESTAMP])

/** A day is no instant: it stays a text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    asText.has(oid) ? (text: string) => text : (pg.types.getTypeParser(oid, format as never) as never),
}
