import pg from 'pg'

/** Runs work on a connection of its own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/**
 * Holds a table until `release()`, so that whoever reads it waits.
 *
 * @returns `waiting(n)` resolves when that many connections wait for it; `tried(n)` when somebody began to wait for it that many times
 */
export async function holdTable(url: string, table: string) {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  await client.query('begin')
  await client.query(`lock table ${table} in access exclusive mode`)
  return {
    async waiting(count: number): Promise<void> {
      const query = `select count(*)::int as n from pg_locks where not granted and relation = $1::regclass`
      while ((await client.query(query, [table])).rows[0].n < count) await new Promise((next) => setTimeout(next, 20))
    },
    async tried(count: number): Promise<void> {
      const query = 'select pid, waitstart::text as since from pg_locks where not granted and relation = $1::regclass'
      const seen = new Set<string>()
      while (seen.size < count) {
        // Postgres sets the moment shortly after the lock is seen waiting.
        for (const { pid, since } of (await client.query(query, [table])).rows)
          if (since !== null) seen.add(`${pid} ${since}`)
        await new Promise((next) => setTimeout(next, 20))
      }
    },
    async release(): Promise<void> {
      await client.query('rollback').catch(() => {})
      await client.end().catch(() => {})
    },
  }
}
