import type { Client } from 'pg'

/** Whether a session of this database waits for a lock. Anybody may ask so; what others wait for in `pg_stat_activity` only superusers may read. */
export async function isSomebodyWaiting(client: Pick<Client, 'query'>): Promise<boolean> {
  const { rowCount } = await client.query(
    'select from pg_locks l join pg_stat_activity a on a.pid = l.pid and a.datname = current_database() where not l.granted',
  )
  return rowCount !== 0
}
