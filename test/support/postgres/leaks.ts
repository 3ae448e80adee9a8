import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'

/** Fails when somebody is still connected to the database. Postgres needs a moment to notice that a client has gone, hence the patience. */
export async function refuseLeaks(admin: pg.Client, database: string): Promise<void> {
  let rows: readonly { who: string; application: string; query: string }[] = []
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await admin.query(
      `select usename as who, application_name as application, left(query, 200) as query
       from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
      [database],
    )
    rows = answer.rows
    if (rows.length === 0) return
    await delay(20)
  }
  const list = rows.map(({ who, application, query }) => `  ${who} (${application}): ${query}`).join('\n')
  throw new Error(`The test file leaves ${rows.length} connections open; they last sent:\n${list}`)
}
