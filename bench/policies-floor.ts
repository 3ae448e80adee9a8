/** SQL by hand: `:tenant`, `:actor` and `:id` are parameters. Several forms; the fastest counts. */
export interface Forms {
  readonly list: readonly string[]
  readonly count: readonly string[]
  readonly id: readonly string[]
}

const order = 'id, number, note, status, total'
const line = 'id, quantity, product'
const document = 'id, title, confidential'
const orders = 'from app."order" o where o.tenant_id = :tenant and o.deleted_at is null'
const lines = 'from app.order_line l where l.tenant_id = :tenant and l.deleted_at is null'
const documents = 'from app.document d where d.tenant_id = :tenant and d.deleted_at is null'
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

/** What a careful person writes by hand, without row security, on the same tables and indexes. */
export const floors: Readonly<Record<string, Forms>> = {
  own: forms(order, orders, 'o', ['o.placed_by_id = :actor', 'o.placed_by_id = any (array[:actor::uuid])']),
  role: forms(order, orders, 'o', ['', ':actor::uuid is not null']),
  team: forms(order, orders, 'o', [
    `o.team_id = any (array(${myTeams}))`,
    `o.team_id in (${myTeams})`,
    `exists (${myTeams} and m.team_id = o.team_id)`,
  ]),
  hops: forms(line, lines, 'l', [
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
  parent: forms(line, lines, 'l', [
    'l.order_placed_by_id = :actor',
    `exists (select from app."order" o where o.tenant_id = l.tenant_id and o.id = l.order_id and o.deleted_at is null
      and o.placed_by_id = :actor)`,
  ]),
  few: forms(order, orders, 'o', ["o.status = 'disputed'", "o.status = any (array['disputed'])"]),
  two: forms(order, orders, 'o', [
    `(o.placed_by_id = :actor or o.team_id = any (array(${myTeams})))`,
    `o.id in (select a.id from app."order" a where a.tenant_id = :tenant and a.placed_by_id = :actor
      union select b.id from app."order" b where b.tenant_id = :tenant and b.team_id = any (array(${myTeams})))`,
  ]),
  deny: forms(document, documents, 'd', [
    '(not d.confidential or d.author_id = :actor)',
    'not (d.confidential and d.author_id <> :actor)',
  ]),
}
