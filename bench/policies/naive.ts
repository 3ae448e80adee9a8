import type { Client } from 'pg'

const isMember = (team: string) =>
  `exists (select from app.membership m where m.user_id = rowhouse.actor_id() and m.team_id = ${team} and m.deleted_at is null)`

const secondFactor = `not confidential or current_setting('rowhouse.request_mfa', true) = 'true'`

/** The rules as they are often written: roles as claims, functions and sub-selects for each row. */
export const naive: Readonly<
  Record<string, { readonly table: string; readonly using: string; readonly from?: string }>
> = {
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
  'deny-fact': { table: 'contract', using: secondFactor },
  'deny-fact-met': { table: 'contract', using: secondFactor },
  guarded: { table: 'invoice', using: `rowhouse.claim('role') in ('manager', 'accountant')`, from: 'naive_invoice' },
}

/** What the claim `role` says in {@link naive}. */
export const naiveClaims: Readonly<Record<string, string>> = {
  own: 'clerk',
  role: 'auditor',
  few: 'inspector',
  guarded: 'manager',
}

export function naiveRole(shape: string): string {
  return `naive_${shape.replaceAll('-', '_')}`
}

/** A role for each naive rule, beside the app's own. */
export async function makeNaive(admin: Client): Promise<void> {
  await admin.query(`create view app.naive_invoice with (security_invoker) as select id, number, amount,
    case when rowhouse.claim('role') = 'manager' then margin end as margin from app.invoice where tenant_id = rowhouse.tenant_id()`)
  for (const [shape, { table, using }] of Object.entries(naive)) {
    const role = naiveRole(shape)
    await admin.query(`create role ${role}; grant usage on schema app, rowhouse to ${role};
      grant select on all tables in schema app to ${role}; grant execute on all functions in schema rowhouse to ${role}`)
    for (const each of ['order', 'order_line', 'customer', 'membership', 'document', 'contract', 'invoice']) {
      const shown = each === table ? `deleted_at is null and (${using})` : 'true'
      await admin.query(`create policy ${role} on app."${each}" for select to ${role} using (${shown})`)
    }
  }
}
