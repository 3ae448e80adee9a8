import type { Client } from 'pg'

/** How many rows there are of each kind in the large tenant; all others together hold as many again. */
export interface Size {
  readonly customers: number
  readonly orders: number
  readonly lines: number
  readonly documents: number
  readonly contracts: number
  readonly invoices: number
}

/** Whose rows are looked for, in the large tenant and in a small one. */
export const caller = { tenant: uuid(1), small: uuid(2), actor: uuid(101), team: uuid(1001) }

/** What the caller may see, whatever the size of its tenant. */
export interface Visible {
  /** Customers of its team. */
  readonly customers: number
  readonly orders: number
  readonly lines: number
}

const smallTenants = 4
const teams = 100
const people = 500

/** People, teams, and tenants. */
export async function fillPeople(admin: Client): Promise<void> {
  await admin.query(`
    set session_replication_role = replica;
    insert into rowhouse.tenant (id, slug, name)
      select ${id('n')}, 't' || n, 'Tenant ' || n from generate_series(1, ${1 + smallTenants}) n;
    insert into app."user" (id, name) select ${id('100 + n')}, 'Person ' || n from generate_series(1, ${people}) n;
    insert into app.team (tenant_id, id, name)
      select t.id, ${id('1000 + n')}, 'Team ' || n from rowhouse.tenant t, generate_series(1, ${teams}) n;
    insert into app.membership (tenant_id, user_id, team_id)
      select t.id, ${id('100 + n')}, ${id(`1001 + n % ${teams}`)} from rowhouse.tenant t, generate_series(1, ${people}) n
      where n > 1 union all select t.id, '${caller.actor}', '${caller.team}' from rowhouse.tenant t;
    reset session_replication_role`)
}

/** What the caller sees in the large tenant and in a small one, and as many rows of others as make up the size. */
export async function fillRows(admin: Client, size: Size, visible: Visible): Promise<void> {
  await fillTenant(admin, 1, visible, { isMine: true })
  await fillTenant(admin, 1, less(size, visible), { isMine: false })
  const share = (of: number) => Math.round(of / smallTenants)
  const small: Size = {
    customers: share(size.customers),
    orders: share(size.orders),
    lines: share(size.lines),
    documents: share(size.documents),
    contracts: share(size.contracts),
    invoices: share(size.invoices),
  }
  await fillTenant(admin, 2, visible, { isMine: true })
  await fillTenant(admin, 2, less(small, visible), { isMine: false })
  for (let at = 3; at <= 1 + smallTenants; at++) await fillTenant(admin, at, small, { isMine: false })
}

function less(size: Size, visible: Visible): Size {
  return {
    ...size,
    customers: size.customers - visible.customers,
    orders: size.orders - visible.orders,
    lines: size.lines - visible.lines,
  }
}

/** Rows of one tenant, their ids spread over the same year: what is visible is neither the newest nor the oldest. */
async function fillTenant(
  admin: Client,
  tenant: number,
  size: Size | Visible,
  { isMine }: { readonly isMine: boolean },
) {
  const person = isMine ? `'${caller.actor}'::uuid` : id(`102 + (random() * ${people - 2})::int`)
  const team = isMine ? `'${caller.team}'::uuid` : id(`1002 + (random() * ${teams - 2})::int`)
  const { documents, contracts, invoices } = 'documents' in size ? size : { documents: 0, contracts: 0, invoices: 0 }
  await admin.query('begin')
  await admin.query(`
    set local session_replication_role = replica;
    set local rowhouse.tenant_id = '${uuid(tenant)}';
    create temporary table c on commit drop as
      select ${timed} as id, n, ${team} as team from generate_series(1, ${size.customers}) n;
    create temporary table o on commit drop as
      select ${timed} as id, n, 1 + floor(random() * ${size.customers})::int as customer, ${person} as person, ${team} as team,
        ${isMine ? "'open'" : "case when n % 2000 = 0 then 'disputed' when n % 2 = 0 then 'open' else 'done' end"} as status
      from generate_series(1, ${size.orders}) n;
    create index on c (n); create index on o (n); analyze c; analyze o;
    insert into app.customer (tenant_id, id, name, team_id) select '${uuid(tenant)}', id, 'Customer ' || n, team from c;
    insert into app."order" (tenant_id, id, number, status, total, customer_id, placed_by_id, team_id)
      select '${uuid(tenant)}', o.id, o.n, o.status, (random() * 10000)::int, c.id, o.person, o.team from o join c on c.n = o.customer order by o.n;
    insert into app.order_line (tenant_id, id, quantity, product, order_id)
      select '${uuid(tenant)}', ${timed}, 1 + i % 9, 'Product ' || i % 1000, o.id
      from generate_series(1, ${size.lines}) i join o on o.n = 1 + i % ${size.orders} order by i;
    insert into app.document (tenant_id, id, title, confidential, author_id)
      select '${uuid(tenant)}', ${timed}, 'Document ' || n, n % 20 = 0, ${id(`101 + n % ${people}`)}
      from generate_series(1, ${documents}) n;
    insert into app.contract (tenant_id, id, title, confidential)
      select '${uuid(tenant)}', ${timed}, 'Contract ' || n, n % 20 = 0 from generate_series(1, ${contracts}) n;
    insert into app.invoice (tenant_id, id, number, amount, margin, customer_id)
      select '${uuid(tenant)}', ${timed}, i, (random() * 10000)::int, (random() * 500)::int, c.id
      from generate_series(1, ${invoices}) i join c on c.n = 1 + i % ${size.customers}`)
  await admin.query('commit')
}

/** Triggers that fill columns run even while rows are loaded without any others. */
export async function keepFills(admin: Client): Promise<void> {
  const { rows } = await admin.query<{ table: string }>(
    `select tgrelid::regclass::text as table from pg_trigger where tgname = 'rowhouse_1_values'`,
  )
  for (const { table } of rows) await admin.query(`alter table ${table} enable always trigger rowhouse_1_values`)
}

function uuid(at: number): string {
  return `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`
}

function id(at: string): string {
  return `('00000000-0000-7000-8000-' || lpad((${at})::text, 12, '0'))::uuid`
}

/** A version 7 id of a random instant of a year. */
const timed = `(lpad(to_hex(1767225600000 + floor(random() * 31536000000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid`
