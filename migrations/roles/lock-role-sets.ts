import type pg from 'pg'
import { sql } from '#base'
import { send } from '../connect/send.ts'
import type { PlatformRoles } from './platform-roles.ts'

/**
 * Held until the transaction ends by whoever makes role sets or changes what they are members of, so that two cannot pass the limit together, and
 * no set is made without a marker that another one makes meanwhile.
 */
export async function lockRoleSets(client: pg.ClientBase, { prefix }: PlatformRoles): Promise<void> {
  await send(client, sql`select pg_advisory_xact_lock(hashtextextended(${sql.value(`${prefix}_set`)}, 0))`)
}
