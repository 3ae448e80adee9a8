import type { Client } from 'pg'

const isMember = (team: string) =>
  `exists (select from app.membership m where m.user_id = rowhouse.actor_id() and m.team_id = ${team} and m.deleted_at is null)`

/** The rules as they are often written: roles as claims, functions and sub-selects for each row. */
export const naive: Readonly<Record<string, { readonly table: string; readonly using: string }>> = {
  own: { table: 'order', using: `rowhouse.claim('role') = 'clerk' and placed_by_id = rowhouse.actor_id()` },
  role: { table: 'order', using: `rowhouse.claim('role') = 'auditor'` },
  team: { table: 'order', using: isMember('"order".team_id') },
  hops: {
    table: 'order_line',
    using: `exists (select from app."order" o join app.customer c on c.id = o.customer_id
      where o.id = order_line.order_id and o.deleted_at is null and c.deleted_at is null and ${isMember('c.team_id')})`,
  },
  parent: {
    table: 'order_line',
    using: `exists (select from app."order" o where o.id = order_line.order_id and o.placed_by_id = rowhouse.actor_id() and o.deleted_at is null)`,
  },
  few: {
    table: 'order',
    using: `rowhouse.claim('role') = 'auditor' or rowhouse.claim('role') = 'inspector' and status = 'disputed'`,
  },
  two: { table: 'order', using: `placed_by_id = rowhouse.actor_id() or ${isMember('"order".team_id')}` },
  deny: { table: 'document', using: 'not confidential or author_id = rowhouse.actor_id()' },
}

/** What the claim `role` says in {@link naive}. */
export const naiveClaims: Readonly<Record<string, string>> = { own: 'clerk', role: 'auditor', few: 'inspector' }

/** A role for each naive rule, beside the app's own. */
export async function makeNaive(admin: Client): Promise<void> {
  for (const [shape, { table, using }] of Object.entries(naive)) {
    const role = `naive_${shape}`
    await admin.query(`create role ${role}; grant usage on schema app, rowhouse to ${role};
      grant select on all tables in schema app to ${role}; grant execute on all functions in schema rowhouse to ${role}`)
    for (const each of ['order', 'order_line', 'customer', 'membership', 'document']) {
      const shown = each === table ? `deleted_at is null and (${using})` : 'true'
      await admin.query(`create policy ${role} on app."${each}" for select to ${role} using (${shown})`)
    }
  }
}
