import type pg from 'pg'
import { sql } from '#base'
import { send } from '../connect/send.ts'
import type { PlatformRoles } from './platform-roles.ts'

/**
 * Makes every connection of the database plan its statements anew. A plan that a server keeps holds the policies of the roles that its caller was a
 * member of when it was made, and goes on returning their rows after a `revoke`; a change of the table is what makes Postgres forget it.
 *
 * Works in the caller's transaction, which must be allowed to become owner. Waits for statements that read the tables.
 */
export async function forgetPlans(client: pg.ClientBase, { owner }: PlatformRoles): Promise<void> {
  const tables = await send<{ name: string }>(
    client,
    sql`select relname as name from pg_catalog.pg_class
        where relnamespace = to_regnamespace('app') and relkind in ('r', 'p') and relrowsecurity
          and pg_catalog.pg_get_userbyid(relowner) = ${sql.value(owner)} order by relname`,
  )
  if (tables.length === 0) return
  await send(client, sql`set local role ${sql.identifier(owner)}`)
  // It is on already: nothing changes but that the table was touched.
  for (const { name } of tables)
    await send(client, sql`alter table ${sql.identifier('app', name)} enable row level security`)
  await send(client, sql`reset role`)
}
