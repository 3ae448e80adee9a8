import { beforeAll } from 'vitest'
import { buildCatalog } from '#migrations'
import type { Model } from '#schema'
import { type TestDatabase, useDatabase } from '../support/database.ts'
import { fixtureModel } from './fixture-model.ts'

/** Tenants and people of the shop. */
export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'
export const sam = '00000000-0000-7000-8000-0000000000a1'
export const mia = '00000000-0000-7000-8000-0000000000a2'
export const gil = '00000000-0000-7000-8000-0000000000b1'

/** The combinations of roles that the shop's database has. */
export const roleSets = [['sales'], ['accountManager'], []] as const

/** The fixture model in a database of its own, with rows in two tenants. */
export interface Shop {
  readonly model: Model
  readonly database: TestDatabase
}

/** Id of the n-th customer, product or order of a tenant. */
export function shopId(kind: 'customer' | 'product' | 'order', tenant: 'a' | 'b', n: number): string {
  const group = { customer: '9000', product: '9001', order: '9002' }[kind]
  return `00000000-0000-7000-${group}-0000000${tenant}0${String(n).padStart(3, '0')}`
}

/** Makes the shop before the tests of a file, and drops it afterwards. */
export function useShop(): () => Shop {
  const database = useDatabase()
  let model: Model | undefined
  beforeAll(async () => {
    model = fixtureModel(database().name)
    await database().applyCatalog(buildCatalog(model))
    await database().ensureRoleSets(roleSets)
    await database().asOwner(async (client) => {
      await client.query(rows)
    })
  })
  return () => ({ model: model!, database: database() })
}

/** Each tenant: 6 customers (two of them in us-east), 4 products, 120 orders; every tenth order has two lines of a product. */
const rows = `
insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex');
insert into app."user" (id, name) values ('${sam}', 'Sam'), ('${mia}', 'Mia'), ('${gil}', 'Gil');
insert into app.customer (tenant_id, id, name, email, region, credit_limit)
  select t.id, ('00000000-0000-7000-9000-0000000' || t.letter || '0' || lpad(n::text, 3, '0'))::uuid, t.name || ' customer ' || n,
    'c' || n || '@example.com', case n % 3 when 0 then 'us-east' else 'eu' end, n * 1000.5
  from (values ('${acme}'::uuid, 'a', 'Acme'), ('${globex}', 'b', 'Globex')) t (id, letter, name), generate_series(1, 6) n;
insert into app.product (tenant_id, id, sku, name)
  select t.id, ('00000000-0000-7000-9001-0000000' || t.letter || '0' || lpad(n::text, 3, '0'))::uuid, 'P' || n, 'Product ' || n
  from (values ('${acme}'::uuid, 'a'), ('${globex}', 'b')) t (id, letter), generate_series(1, 4) n;
insert into app."order" (tenant_id, id, number, wanted_on, total, customer_id, placed_by_id, status)
  select t.id, ('00000000-0000-7000-9002-0000000' || t.letter || '0' || lpad(n::text, 3, '0'))::uuid, 'SO-' || n,
    case n % 3 when 0 then null else date '2026-01-01' + n % 50 end, n * 10.01,
    ('00000000-0000-7000-9000-0000000' || t.letter || '0' || lpad((n % 6 + 1)::text, 3, '0'))::uuid, null,
    case n % 2 when 0 then 'placed' else 'draft' end
  from (values ('${acme}'::uuid, 'a'), ('${globex}', 'b')) t (id, letter), generate_series(1, 120) n;
insert into app.order_line (tenant_id, quantity, unit_price, order_id, product_id)
  select o.tenant_id, n, 1.2345, o.id, p.id
  from app."order" o join app.product p on p.tenant_id = o.tenant_id and right(o.number, 1) = right(p.sku, 1), generate_series(1, 2) n;
insert into app.invoice (tenant_id, number, due_on, order_id)
  select tenant_id, 'I-' || number, date '2026-12-24', id from app."order" where right(number, 1) = '2';
`
