import type { Client } from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { roleSetName } from '#migrations'
import { acme } from '../server/shop.ts'
import { bo, useLedgers } from './ledgers.ts'

const ledgers = useLedgers()
// `npm run drift` makes 10,000: two minutes on a machine at rest.
const writes = Number(process.env.ROWHOUSE_TEST_WRITES ?? 1_000)
const connections = 8

/** Numbers that are the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

beforeAll(async () => {
  // Waits for each other that end in nothing are many here: they should be found soon. Only superusers may say so.
  const { migrator } = ledgers().database
  await migrator
    .query(`alter database "${ledgers().database.name}" set deadlock_timeout = '20ms'`)
    .catch(() => undefined)
  await ledgers().load(`
    insert into app.customer (name) select 'C' || n from generate_series(1, 30) n;
    insert into app.product (name, price, grams) select 'P' || n, n, n * 100 from generate_series(1, 25) n;
    insert into app.tag (name, weight) select 'T' || n, n from generate_series(1, 4) n;
    insert into app."order" (number, customer_id) select 'O' || n, (select id from app.customer offset n % 30 limit 1) from generate_series(1, 120) n;
    insert into app.order__tag__link (order_id, tag_id) select o.id, t.id from app."order" o, app.tag t;
    insert into app.entry (order_id, product_id, quantity) select o.id, p.id, 1 from app."order" o, app.product p where p.grams < 600`)
})

const any = (table: string) => `(select id from app.${table} order by random() limit 1)`
const some = (table: string, n: number) => `(select id from app.${table} order by random() limit ${n})`

/** What a caller may do, more often what is done more often. */
const acts: readonly ((n: (below: number) => number) => string)[] = [
  (n) =>
    `insert into app.entry (order_id, product_id, quantity) values (${any('"order"')}, ${any('product')}, ${n(9)})`,
  (n) =>
    `insert into app.entry (order_id, product_id, quantity, rebate) select o.id, ${any('product')}, ${n(5)}, 0.25 from app."order" o order by random() limit 9`,
  (n) => `update app.entry set quantity = ${n(20)} where id = ${any('entry')}`,
  (n) => `update app.entry set quantity = quantity + 1, rebate = ${n(3)} where id in ${some('entry', 4)}`,
  () => `update app.entry set order_id = ${any('"order"')} where id = ${any('entry')}`,
  () => `update app.entry set product_id = ${any('product')} where id in ${some('entry', 2)}`,
  () => `delete from app.entry where id in ${some('entry', 3)}`,
  () => `select rowhouse_private.remove_entry(id) from app.entry where id = ${any('entry')}`,
  (n) => `insert into app."order" (number, customer_id) values ('N${n(1_000_000)}', ${any('customer')})`,
  (n) => `update app."order" set discount = 0.${n(9)}, notes = 'n${n(1_000_000)}' where id = ${any('"order"')}`,
  () => `update app."order" set customer_id = ${any('customer')} where id = ${any('"order"')}`,
  (n) => `update app.product set price = ${n(50)}.${n(90) + 10}, grams = ${n(1_000)} where id = ${any('product')}`,
  (n) => `update app.customer set bonus = 0.${n(9)} where id = ${any('customer')}`,
  (n) => `update app.customer set name = 'R${n(100)}' where id = ${any('customer')}`,
  (n) => `update app.tag set weight = ${n(100)} where id = ${any('tag')}`,
]
/** Done now and then, or nothing would be left. */
const rare: readonly string[] = [
  `select rowhouse_private.remove_order(id) from app."order" where id = ${any('"order"')}`,
  `delete from app."order" where id = ${any('"order"')}`,
  `insert into app.entry (order_id, product_id, quantity) select o.id, ${any('product')}, 2 from app."order" o`,
  `delete from app.customer where id = ${any('customer')}`,
  `delete from app.product where id = ${any('product')}`,
  `select rowhouse_private.remove_customer(id) from app.customer where id = ${any('customer')}`,
  `select rowhouse_private.remove_product(id) from app.product where id = ${any('product')}`,
  `insert into app.customer (name) values ('late'), ('later')`,
  `insert into app.product (name, price) values ('late', 3), ('later', 4.5)`,
  `insert into app."order" (number, customer_id) select 'L' || random(), id from app.customer`,
]

interface Counts {
  done: number
  undone: number
  waited: number
}

async function write(client: Client, n: (below: number) => number, counts: Counts): Promise<void> {
  const level = n(10) === 0 ? 'repeatable read' : 'read committed'
  try {
    await client.query(`begin isolation level ${level}`)
    await client.query(`set local role "${roleSetName(ledgers().database.names.prefix, ['boss'])}"`)
    await client.query(
      `select set_config('rowhouse.tenant_id', '${acme}', true), set_config('rowhouse.actor_id', '${bo}', true)`,
    )
    const statements = n(4) === 0 ? 3 : 1
    for (let left = statements; left > 0; left--)
      await client.query(n(40) === 0 ? rare[n(rare.length)]! : acts[n(acts.length)]!(n))
    if (n(20) === 0) throw new Error('changed its mind')
    await client.query('commit')
    counts.done += statements
  } catch (error) {
    await client.query('rollback')
    const { code } = error as { readonly code?: string }
    if (code === '40P01' || code === '40001') counts.waited++
    // Names that are taken, and rows that went meanwhile.
    else if (code === undefined || /^(23|P0|RH)/.test(code)) counts.undone++
    else throw error
  }
}

test('after random writes of several connections at once every value is what its formula gives', {
  timeout: 1_200_000,
}, async () => {
  const { database } = ledgers()
  const clients = await Promise.all(Array.from({ length: connections }, () => database.connect(database.loginUrl)))
  const counts: Counts = { done: 0, undone: 0, waited: 0 }
  try {
    await Promise.all(
      clients.map(async (client, at) => {
        const n = numbers(at + 1)
        while (counts.done < writes) await write(client, n, counts)
      }),
    )
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
  console.log(`${counts.done} writes; undone ${counts.undone}, gave way ${counts.waited}`)
  const left = await ledgers().run(
    'select (select count(*) from app.entry) as entries, (select count(*) from app."order") as orders',
  )
  console.log(left[0])
  expect(await ledgers().drift()).toEqual([])
})
