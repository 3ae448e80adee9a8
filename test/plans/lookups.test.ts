import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadModel } from '#policies'
import { listLookups, lookups, scannedTables } from '../../bench/indexes/lookups.ts'
import { type RequestRecorder, recordRequests } from '../../bench/indexes/recorded-request.ts'
import type { ClientQuery } from '../../server/postgres/with-pg-client.ts'
import { useDatabase } from '../support/database.ts'
import type { PlanNode } from './plan-problems.ts'

const database = useDatabase()
const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const ids = (from: string) => `('00000000-0000-7000-8000-' || lpad((${from})::text, 12, '0'))::uuid`
const [tenant, me, other, mine, others] = [id(1), id(101), id(102), id(201), id(202)]

/** Rows that are made one by one, and how often they are copied: whatever triggers fill in is copied with them. */
const base = { customer: 10, order: 100, order_line: 100, document: 20 }
const copies = 499

// One order of a hundred is mine and that of my team; so is its customer.
const rows = `
insert into rowhouse.tenant (id, slug, name) values ('${tenant}', 't', 'T');
select set_config('rowhouse.tenant_id', '${tenant}', true);
insert into app."user" (id, name) values ('${me}', 'Me'), ('${other}', 'Other');
insert into app.team (tenant_id, id, name) values ('${tenant}', '${mine}', 'Mine'), ('${tenant}', '${others}', 'Others');
insert into app.membership (tenant_id, user_id, team_id) values ('${tenant}', '${me}', '${mine}'), ('${tenant}', '${other}', '${others}');
insert into app.customer (tenant_id, id, name, team_id) select '${tenant}', ${ids('1000000 + n')}, 'C', case when n = 10 then '${mine}' else '${others}' end::uuid
  from generate_series(1, ${base.customer}) n;
insert into app."order" (tenant_id, id, number, status, total, customer_id, placed_by_id, team_id)
  select '${tenant}', ${ids('2000000 + n')}, n, 'open', n, ${ids(`1000000 + n % 10 + 1`)},
    case when n % 100 = 99 then '${me}' else '${other}' end::uuid, case when n % 100 = 99 then '${mine}' else '${others}' end::uuid
  from generate_series(1, ${base.order}) n;
insert into app.order_line (tenant_id, id, quantity, product, order_id)
  select '${tenant}', ${ids('3000000 + n')}, 1, 'P', ${ids(`2000000 + n % 100 + 1`)} from generate_series(1, ${base.order_line}) n;
insert into app.document (tenant_id, id, title, confidential, author_id)
  select '${tenant}', ${ids('4000000 + n')}, 'D', n % 20 = 0, '${other}' from generate_series(1, ${base.document}) n;`

/** Moves an id to the n-th copy. */
const moved = (column: string) =>
  `('00000000-0000-7000-8000-' || lpad((right(t.${column}::text, 12)::bigint + n * 1000)::text, 12, '0'))::uuid`
/** Copies are as the rows are: nothing is checked or filled in again. */
const copied = (table: keyof typeof base, columns: readonly string[]) => `
alter table app."${table}" disable trigger user;
do $do$ declare c text; begin
  for c in select quote_ident(conname) from pg_constraint where conrelid = 'app."${table}"'::regclass and contype in ('c', 'f', 'x') loop
    execute 'alter table app."${table}" drop constraint ' || c;
  end loop;
end $do$;
insert into app."${table}" select (jsonb_populate_record(t, jsonb_build_object(${columns.map((column) => `'${column}', ${moved(column)}`).join(', ')}))).*
  from app."${table}" t, generate_series(1, ${copies}) n;`
const all = `
select set_config('rowhouse.tenant_id', '${tenant}', true);
${copied('customer', ['id'])} ${copied('order', ['id', 'customer_id'])} ${copied('order_line', ['id', 'order_id'])} ${copied('document', ['id'])}`

/** Rows that each role of the lookups sees. */
const seen = { order: id(2_000_099), line: id(3_000_098), document: id(4_000_001), ids: [id(2_000_099), id(2_001_099)] }

let requests: RequestRecorder
beforeAll(async () => {
  const loaded = await loadModel('test/fixtures/apps/wholesale')
  const model = { ...loaded.model, app: database().name }
  await database().applyCatalog(buildCatalog(model))
  await database().ensureRoleSets([...new Set(lookups.map(({ role }) => role))].map((role) => [role]))
  await database().asOwner(async (client) => {
    await client.query(rows)
    await client.query(all)
  })
  const tables = Object.keys(base).map((table) => `app."${table}"`)
  await database().asRole(database().names.owner, (client) => client.query(`analyze ${tables.join(', ')}`))
  requests = recordRequests(model, database().loginUrl)
})
afterAll(() => requests.close())

test.each(lookups)(
  '$name: what it finds comes from an index, and little else is looked at',
  async ({ query, role }) => {
    const { data, statements } = await requests.ask({ role, tenant, actor: me }, query, seen)
    expect(JSON.stringify(data)).toMatch(/"(number|product|title)":/)
    for (const statement of statements) await expectIndexed(role, statement)
  },
)

// Without `offset 0` around them the ids meet the table before they are cast, and all of it is read (facts of row security: casts are not leakproof).
test.each(listLookups)('$name: ids of many rows are looked up by the index', async ({ text, role }) => {
  const wanted = Array.from({ length: 20 }, (_, n) => id(2_000_099 + n * 1000))
  const { data, statements } = await requests.askList({ role, tenant, actor: me }, text, wanted)
  expect((data as readonly (readonly unknown[])[]).every((found) => found.length > 0)).toBe(true)
  expect(statements).toHaveLength(1)
  await expectIndexed(role, statements[0]!)
})

async function expectIndexed(role: string, { text, values = [] }: ClientQuery): Promise<void> {
  const plan = await database().asActor({ roles: [role], tenant, actor: me }, async (client) => {
    const { rows } = await client.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
      `explain (analyze, format json) ${text}`,
      [...values],
    )
    return rows[0]!['QUERY PLAN'][0]!.Plan
  })
  expect(scannedTables(plan), text).toEqual([])
  // To find twenty rows of the one in a hundred that are theirs, two thousand are looked at.
  expect(looked(plan), text).toBeLessThan(2_500)
}

/** How many rows of tables a plan looked at. */
function looked(node: PlanNode): number {
  const rows = (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)
  const own = node['Relation Name'] === undefined ? 0 : rows * (node['Actual Loops'] ?? 1)
  return (node.Plans ?? []).reduce((sum, child) => sum + looked(child), own)
}
