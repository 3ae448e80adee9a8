import type pg from 'pg'

/**
 * One line of transactions, in which each id is of one transaction: from the start of a server until it crashes, or another takes its place.
 * A restart in order goes on with it.
 */
export interface ServerLine {
  /** Of the cluster and all copies of it. */
  readonly cluster: string
  /** Of the line itself. */
  readonly name: string
}

/**
 * A crash loses what was not on disk yet, and ids with it: they are given again, without another timeline, even without another start of the
 * postmaster. But it resets the counters of Postgres, which a restart in order keeps, and a copy of the server has counters of its own. While
 * Postgres recovers, or follows another, asking for its place in the log fails: then there is no line.
 */
const text = `select (select system_identifier::text from pg_catalog.pg_control_system()) as cluster,
  pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 1, 8) || ' ' ||
  extract(epoch from pg_catalog.pg_stat_get_bgwriter_stat_reset_time())::text as name`

const lines = new WeakMap<object, ServerLine>()

/** The line that a connection speaks to; null where Postgres, or whoever set it up, does not tell. */
export async function readLine(client: pg.ClientBase): Promise<ServerLine | null> {
  const { cluster, name } = (await client.query<{ [key in keyof ServerLine]: string | null }>(text)).rows[0]!
  return cluster === null || name === null ? null : { cluster, name }
}

/** Remembers the line of a connection that was just made. Behind a pooler the server may become another; never again one that it was. */
export async function learnLine(client: pg.ClientBase): Promise<void> {
  const line = await readLine(client).catch(() => null)
  if (line !== null) lines.set(client, line)
}

/** What {@link learnLine} remembers. */
export function knownLine(client: pg.ClientBase): ServerLine | null {
  return lines.get(client) ?? null
}
