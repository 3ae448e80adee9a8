import type pg from 'pg'
import { sql } from '#base'
import { send } from '../connect/send.ts'
import type { PlatformRoles } from './platform-roles.ts'

/**
 * Makes every connection of the database plan its statements anew. A plan that a server keeps holds the policies of the roles that its caller was a
 * member of when it was made: it goes on returning their rows after a `revoke`, and rows that they are denied after a `grant`; a change of the table is what makes Postgres forget it.
 *
 * Works in the caller's transaction, which must be allowed to become owner. Waits for statements that read the tables.
 */
export async function forgetPlans(client: pg.ClientBase, { owner }: PlatformRoles): Promise<void> {
  const tables = await send<{ schema: string; name: string }>(
    client,
    sql`select nspname as schema, relname as name from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where nspname not in ('rowhouse', 'rowhouse_private') and relkind in ('r', 'p') and relrowsecurity
          and pg_catalog.pg_get_userbyid(relowner) = ${sql.value(owner)} order by 1, 2`,
  )
  if (tables.length === 0) return
  await send(client, sql`set local role ${sql.identifier(owner)}`)
  // It is on already: nothing changes but that the table was touched.
  for (const { schema, name } of tables)
    await send(client, sql`alter table ${sql.identifier(schema, name)} enable row level security`)
  await send(client, sql`reset role`)
}
