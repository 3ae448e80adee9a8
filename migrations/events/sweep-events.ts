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
  const before = sql`${sql.value(options.before.toISOString())}::timestamptz`
  const statement = sql`select rowhouse_private.sweep_events(${before}, ${sql.value(batch)}) as count`
  let all = 0
  for (;;) {
    const counts = await forEachTenant<{ readonly count: number }>(client, options, () => statement)
    all += counts.reduce((sum, { count }) => sum + count, 0)
    if (counts.every(({ count }) => count < batch)) return all
  }
}

/** Events of a tenant that one transaction deletes. */
const batch = 1000
