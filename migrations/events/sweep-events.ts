import { sql } from '#base'
import type { Queryable } from '../read/read-rows.ts'
import { type EventTenants, forEachTenant } from './for-each-tenant.ts'

/** Which events to delete. */
export interface SweepOptions extends EventTenants {
  /** Those that were written down before. */
  readonly before: Date
}

/**
 * Deletes events that nobody needs to hand over once more. Jobs that wait have their event with them.
 *
 * @param client the migrator's, not in a transaction
 * @returns how many there were
 * @throws EVENT_REPLAY_UNKNOWN when there is no such tenant
 */
export async function sweepEvents(client: Queryable, options: SweepOptions): Promise<number> {
  const isOld = sql`at < ${sql.value(options.before.toISOString())}::timestamptz`
  const counts = await forEachTenant<{ readonly count: number }>(client, options, (isOfTenant) => {
    const gone = sql`delete from rowhouse.event where ${isOfTenant} and ${isOld} returning 1`
    return sql`with gone as (${gone}) select count(*)::int as count from gone`
  })
  return counts.reduce((sum, { count }) => sum + count, 0)
}
