import { type Kind, margin } from './policies/shapes.ts'

/** SQL by hand, by what is asked: `:tenant`, `:actor` and `:id` are parameters. Several forms; the fastest counts. */
export type Forms = Readonly<Partial<Record<Kind, readonly string[]>>>

const order = 'id, number, note, status, total'
const line = 'id, quantity, product'
const document = 'id, title, confidential'
const contract = 'id, title, confidential'
const invoice = 'id, number, amount, margin'
const orders = 'from app."order" o where o.tenant_id = :tenant and o.deleted_at is null'
const lines = 'from app.order_line l where l.tenant_id = :tenant and l.deleted_at is null'
const documents = 'from app.document d where d.tenant_id = :tenant and d.deleted_at is null'
const contracts = 'from app.contract c where c.tenant_id = :tenant and c.deleted_at is null'
const invoices = 'from app.invoice i where i.tenant_id = :tenant and i.deleted_at is null'
const myTeams =
  'select m.team_id from app.membership m where m.tenant_id = :tenant and m.user_id = :actor and m.deleted_at is null'

/** List, count and by-id of each of the conditions, which are forms of one meaning. */
function forms(columns: string, from: string, alias: string, conditions: readonly string[]): Forms {
  const each = (make: (where: string) => string) => conditions.map((where) => make(where === '' ? '' : ` and ${where}`))
  return {
    list: each((where) => `select ${columns} ${from}${where} order by ${alias}.id desc limit 20`),
    count: each((where) => `select count(*) ${from}${where}`),
    id: each((where) => `select ${columns} ${from}${where} and ${alias}.id = :id`),
  }
}

/** With more forms of the list. */
function withLists(all: Forms, lists: readonly string[]): Forms {
  return { ...all, list: [...(all.list ?? []), ...lists] }
}

/** All that is visible, then the newest of it. */
function newestOf(columns: string, from: string, alias: string): string {
  return `select * from (select ${columns} ${from} offset 0) ${alias} order by ${alias}.id desc limit 20`
}

/** What a careful person writes by hand, without row security, on the same tables and indexes. */
export const floors: Readonly<Record<string, Forms>> = {
  own: forms(order, orders, 'o', ['o.placed_by_id = :actor', 'o.placed_by_id = any (array[:actor::uuid])']),
  role: forms(order, orders, 'o', ['', ':actor::uuid is not null']),
  team: withLists(
    forms(order, orders, 'o', [
      `o.team_id = any (array(${myTeams}))`,
      `o.team_id in (${myTeams})`,
      `exists (${myTeams} and m.team_id = o.team_id)`,
    ]),
    [newestOf(order, `${orders} and o.team_id = any (array(${myTeams}))`, 'o')],
  ),
  hops: withLists(
    forms(line, lines, 'l', [
      `exists (select from app."order" o join app.customer c on c.tenant_id = o.tenant_id and c.id = o.customer_id
      where o.tenant_id = l.tenant_id and o.id = l.order_id and o.deleted_at is null and c.deleted_at is null
      and c.team_id in (${myTeams}))`,
      `l.order_id in (select o.id from app."order" o join app.customer c on c.tenant_id = o.tenant_id and c.id = o.customer_id
      where o.tenant_id = :tenant and o.deleted_at is null and c.deleted_at is null and c.team_id = any (array(${myTeams})))`,
      `l.order_id = any (array(select o.id from app."order" o join app.customer c on c.tenant_id = o.tenant_id and c.id = o.customer_id
      where o.tenant_id = :tenant and o.deleted_at is null and c.deleted_at is null and c.team_id = any (array(${myTeams}))))`,
      `l.order_customer_team_id = any (array(${myTeams}))`,
      `l.order_customer_team_id in (${myTeams})`,
      `exists (${myTeams} and m.team_id = l.order_customer_team_id)`,
    ]),
    [newestOf(line, `${lines} and l.order_customer_team_id = any (array(${myTeams}))`, 'l')],
  ),
  parent: forms(line, lines, 'l', [
    'l.order_placed_by_id = :actor',
    `exists (select from app."order" o where o.tenant_id = l.tenant_id and o.id = l.order_id and o.deleted_at is null
      and o.placed_by_id = :actor)`,
  ]),
  few: forms(order, orders, 'o', ["o.status = 'disputed'", "o.status = any (array['disputed'])"]),
  two: withLists(
    forms(order, orders, 'o', [
      `(o.placed_by_id = :actor or o.team_id = any (array(${myTeams})))`,
      `o.id in (select a.id from app."order" a where a.tenant_id = :tenant and a.placed_by_id = :actor
      union select b.id from app."order" b where b.tenant_id = :tenant and b.team_id = any (array(${myTeams})))`,
    ]),
    [
      newestOf(order, `${orders} and (o.placed_by_id = :actor or o.team_id = any (array(${myTeams})))`, 'o'),
      `(select ${order} ${orders} and o.placed_by_id = :actor order by o.id desc limit 20)
      union (select ${order} ${orders} and o.team_id = any (array(${myTeams})) order by o.id desc limit 20) order by id desc limit 20`,
    ],
  ),
  deny: forms(document, documents, 'd', [
    '(not d.confidential or d.author_id = :actor)',
    'not (d.confidential and d.author_id <> :actor)',
  ]),
  'deny-fact': forms(contract, contracts, 'c', [
    'not c.confidential',
    'c.confidential = false',
    'c.confidential is not true',
  ]),
  'deny-fact-met': forms(contract, contracts, 'c', ['', '(not c.confidential or :actor::uuid is not null)']),
  guarded: {
    ...forms(invoice, invoices, 'i', ['', ':actor::uuid is not null']),
    filter: [
      `select ${invoice} ${invoices} and i.margin = ${margin} order by i.id desc limit 20`,
      `select * from (select ${invoice} ${invoices} and i.margin = ${margin} offset 0) i order by i.id desc limit 20`,
    ],
    sort: [
      `select ${invoice} ${invoices} order by i.margin desc, i.id desc limit 20`,
      `select ${invoice} ${invoices} and i.margin >= (select min(margin) from (select margin ${invoices} order by margin desc limit 20) m)
        order by i.margin desc, i.id desc limit 20`,
    ],
    sum: [
      `select sum(i.margin) as count ${invoices}`,
      `select sum(m.margin * m.times) as count from (select i.margin, count(*) as times ${invoices} group by i.margin) m`,
    ],
  },
}
