import { setTimeout as sleep } from 'node:timers/promises'
import type { TestDatabase } from './database.ts'

/** A table that nobody can read until it is let go, so that requests run for as long as a test likes. */
export interface BlockedTable {
  /** Resolves when so many statements wait for it. */
  until(count: number): Promise<void>
  /** Lets them go on. */
  release(): Promise<void>
}

/** Blocks a table; release it. */
export async function blockTable(
  { connect, migratorUrl }: Pick<TestDatabase, 'connect' | 'migratorUrl'>,
  table: string,
): Promise<BlockedTable> {
  const client = await connect(migratorUrl)
  await client.query(`begin; lock table ${table} in access exclusive mode`)
  const waiting = `select count(*)::int as count from pg_locks join pg_database d on d.oid = database
    where d.datname = current_database() and not granted and relation = $1::regclass`
  return {
    until: async (count) => {
      while ((await client.query(waiting, [table])).rows[0].count !== count) await sleep(5)
    },
    release: () => client.end(),
  }
}
