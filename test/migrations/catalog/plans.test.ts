import { beforeAll, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { useDatabase } from '../../support/database.ts'
import { id, ids, shop, shopRows } from './shop.ts'

const db = useDatabase()

const customers = 1000
const orders = 100_000

beforeAll(async () => {
  await db().applyCatalog(buildCatalog(shop))
  await db().asOwner(async (client) => {
    await client.query(shopRows)
    // Only the plans of queries are looked at below: the rows are right without being judged one by one.
    await client.query('alter table app.customer disable trigger user; alter table app."order" disable trigger user')
    // One customer in ten is ann's; one order in ten is removed, one tenant in two is another.
    await client.query(
      `insert into app.customer (tenant_id, id, name, group_id)
       select $1, ('00000000-0000-7000-8001-' || lpad(n::text, 12, '0'))::uuid, 'c' || n, case when n % 10 = 0 then $2::uuid else $3::uuid end
       from generate_series(1, ${customers}) n`,
      [ids.acme, ids.group, ids.otherGroup],
    )
    await client.query(
      `insert into app."order" (tenant_id, number, price, customer_id, customer_group_id, deleted_at)
       select $1, 'M' || n, n % 1000, c.id, c.group_id, case when n % 10 = 3 then now() end
       from generate_series(1, ${orders}) n
       join app.customer c on c.id = ('00000000-0000-7000-8001-' || lpad((1 + n % ${customers})::text, 12, '0'))::uuid`,
      [ids.acme],
    )
    await client.query(
      `insert into app."order" (tenant_id, number, customer_id, customer_group_id)
       select $1, 'M' || n, c.id, c.group_id from generate_series(1, ${orders}) n, app.customer c where c.id = $2`,
      [ids.globex, ids.foreign],
    )
    await client.query('set constraints all immediate')
    await client.query('alter table app.customer enable trigger user; alter table app."order" enable trigger user')
  })
  await db().asRole(db().names.owner, (client) =>
    client.query('analyze app."order", app.customer, app.member, app."group"'),
  )
})

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly Plans?: readonly Plan[]
}

/** How the table is reached: names of indexes, or the node type where there is none. */
async function waysTo(
  table: string,
  roles: readonly string[],
  query: string,
  values: readonly unknown[],
): Promise<string[]> {
  const rows = await db().asActor({ roles, tenant: ids.acme, actor: ids.ann }, async (client) => {
    return (await client.query(`explain (format json) ${query}`, [...values])).rows
  })
  const found: string[] = []
  const visit = (plan: Plan): void => {
    if (plan['Index Name'] !== undefined) found.push(plan['Index Name'])
    else if (plan['Relation Name'] === table && plan['Node Type'] !== 'Bitmap Heap Scan') found.push(plan['Node Type'])
    plan.Plans?.forEach(visit)
  }
  visit(rows[0]['QUERY PLAN'][0].Plan)
  return found
}

const someCustomer = id(0)
  .replace('8000', '8001')
  .replace(/\d{12}$/, '000000000010')

test.each([['admin'], ['sales'], ['sales', 'clerk', 'editor']])('by id, as %s %s %s', async (...roles) => {
  expect(await waysTo('order', roles, 'select number from app."order" where id = $1', [ids.open])).toEqual([
    'order_pkey',
  ])
})

test.each([['admin'], ['sales']])('E12: by unique number, as %s', async (role) => {
  expect(await waysTo('order', [role], 'select id from app."order" where number = $1', ['M777'])).toEqual([
    'order_number_key',
  ])
})

test('E12: the newest 20 come from the end of the key, the dearest from a partial index', async () => {
  expect(await waysTo('order', ['admin'], 'select number from app."order" order by id desc limit 20', [])).toEqual([
    'order_pkey',
  ])
  const dearest = 'select number from app."order" order by price desc limit 20'
  expect(await waysTo('order', ['admin'], dearest, [])).toEqual(['order_price_idx'])
})

test('the newest 20 of a narrow rule do not scan the table', async () => {
  expect(
    await waysTo('order', ['sales'], 'select number from app."order" order by id desc limit 20', []),
  ).not.toContain('Seq Scan')
})

test.each([['admin'], ['sales']])('the orders of a customer, as %s', async (role) => {
  const query = 'select number from app."order" where customer_id = $1'
  expect(await waysTo('order', [role], query, [someCustomer])).toEqual(['order_customer_idx'])
})

test('the orders of all customers that a rule shows', async () => {
  expect(await waysTo('order', ['sales'], 'select count(*) from app."order"', [])).not.toContain('Seq Scan')
})
