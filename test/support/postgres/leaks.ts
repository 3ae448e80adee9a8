import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

const patienceMs = 30_000
const pollMs = 20

/** Fails when somebody is still connected to the database. Postgres needs a moment to notice that a client has gone, hence the patience. */
export async function refuseLeaks(admin: pg.Client, database: string, login: string): Promise<void> {
  for (let waitedMs = 0; (await sessions(admin, database)).length > 0; waitedMs += pollMs) {
    if (waitedMs < patienceMs) {
      await delay(pollMs)
      continue
    }
    // Only its member may see what a login sent, and end its sessions.
    await admin.query(`grant ${pg.escapeIdentifier(login)} to current_user`).catch(() => undefined)
    const rows = await sessions(admin, database)
    const list = rows.map(({ who, application, query }) => `  ${who} (${application}): ${query}`).join('\n')
    throw new Error(`The test file leaves ${rows.length} connections open; they last sent:\n${list}`)
  }
}

interface Session {
  readonly who: string
  readonly application: string
  readonly query: string
}

async function sessions(admin: pg.Client, database: string): Promise<readonly Session[]> {
  const { rows } = await admin.query<Session>(
    `select usename as who, application_name as application, left(query, 200) as query
     from pg_stat_activity where datname = $1 and coalesce(backend_type, 'client backend') = 'client backend'`,
    [database],
  )
  return rows
}
