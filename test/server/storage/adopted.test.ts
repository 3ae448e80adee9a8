import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { migrate, writeFirstMigration } from '#migrations'
import { verifyDatabase } from '../../../server/postgres/boot-checks/verify-database.ts'
import { type Asker, acme, globex, useAppServer } from './app-server.ts'

const folder = join(import.meta.dirname, '../../fixtures/apps/trade')
let scratch = ''
afterAll(() => rm(scratch, { recursive: true, force: true }))

const app = useAppServer({
  folder,
  roleSets: [['sales'], ['north'], []],
  prepare: async (database, catalog) => {
    scratch = await mkdtemp(join(tmpdir(), 'rowhouse-trade-'))
    await database.migrator.query(readFileSync(join(folder, 'legacy.sql'), 'utf8'))
    await writeFirstMigration(scratch, catalog, 'initial')
    const loginPassword = new URL(database.loginUrl).password
    await migrate({
      appFolder: scratch,
      migrateUrl: database.migratorUrl,
      names: database.names,
      catalog,
      loginPassword,
    })
  },
  fill: (database) =>
    database.asOwner(async (client) => {
      await client.query(
        `insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex')`,
      )
    }),
})

const sam = '00000000-0000-7000-8000-0000000000a1'
const sales: Asker = { tenant: acme, id: sam, roles: ['sales'] }
const north: Asker = { tenant: acme, id: sam, roles: ['north'] }
const globexSales: Asker = { tenant: globex, id: sam, roles: ['sales'] }
const nobody: Asker = { tenant: acme, id: sam, roles: [] }

describe('rows that were there', () => {
  const query =
    '{ customers(orderBy: [NAME_ASC]) { nodes { code name since orders { nodes { id total lines { nodes { line price quantity } } } } } } }'

  test('are read by their tenant, with their relations', async () => {
    const answer = await app().ask(sales, query)
    expect(answer.errors).toEqual([])
    expect(answer.data.customers.nodes).toEqual([
      {
        code: 'ALFKI',
        name: 'Alfreds',
        since: '2020-01-01T08:00:00.000000+00:00',
        orders: { nodes: [{ id: 1, total: '12.50', lines: { nodes: [{ line: 1, price: 1.5, quantity: 2 }] } }] },
      },
      {
        code: 'BOLID',
        name: 'Bolido',
        since: '2021-01-01T08:00:00.000000+00:00',
        orders: { nodes: [{ id: 2, total: '20.00', lines: { nodes: [] } }] },
      },
    ])
    expect((await app().ask(globexSales, query)).data.customers.nodes).toMatchObject([{ code: 'GLOBX' }])
  })

  test('are read by nobody without a rule, and as far as a rule goes', async () => {
    expect((await app().ask(nobody, '{ customers { nodes { code } } }')).errors[0]?.extensions.code).toBe('FORBIDDEN')
    const answer = await app().ask(north, '{ customers { nodes { code } } orders { nodes { id } } }')
    expect(answer.errors).toEqual([])
    expect(answer.data).toEqual({ customers: { nodes: [{ code: 'ALFKI' }] }, orders: { nodes: [{ id: 1 }] } })
  })

  test('columns that the model does not know are granted to nobody', async () => {
    const read = app().database.asActor({ roles: ['sales'], tenant: acme, actor: sam }, (client) =>
      client.query('select secret_note from public.customers'),
    )
    await expect(read).rejects.toMatchObject({ code: '42501' })
    const tenant = app().database.asActor({ roles: ['sales'], tenant: acme, actor: sam }, (client) =>
      client.query('select company_id from public.customers'),
    )
    await expect(tenant).rejects.toMatchObject({ code: '42501' })
  })
})

describe('changes', () => {
  test('new rows get the tenant, the next number and the defaults of the model', async () => {
    const made = await app().ask(
      sales,
      'mutation { createCustomer(input: { customer: { code: "CHOPS", name: "Chop-suey", region: north } }) { code customer { name since } } }',
    )
    expect(made.errors).toEqual([])
    expect(made.data.createCustomer.customer.since).toMatch(/^20/)
    const order = await app().ask(
      sales,
      'mutation { createOrder(input: { order: { customerId: "CHOPS", total: "5.5" } }) { id order { total customer { code } } } }',
    )
    expect(order.errors).toEqual([])
    expect(order.data.createOrder).toEqual({ id: 4, order: { total: '5.50', customer: { code: 'CHOPS' } } })
    const line = await app().ask(
      sales,
      'mutation { createOrderLine(input: { orderLine: { orderId: 4, line: 1, price: 2.5 } }) { orderId line orderLine { quantity } } }',
    )
    expect(line.errors).toEqual([])
    expect(line.data.createOrderLine).toEqual({ orderId: 4, line: 1, orderLine: { quantity: 1 } })
    const { rows } = await app().database.asOwner((client) =>
      client
        .query('select company_id from public.customers where customer_id = $1', ['CHOPS'])
        .catch(() => ({ rows: [] as { company_id: string }[] })),
    )
    expect(rows.every((row: { company_id: string }) => row.company_id === acme)).toBe(true)
    expect((await app().ask(globexSales, '{ customer(code: "CHOPS") { name } order(id: 4) { total } }')).data).toEqual({
      customer: null,
      order: null,
    })
  })

  test('are held to the fields of the model, and to the rules', async () => {
    const short = await app().ask(
      sales,
      'mutation { updateCustomer(input: { code: "CHOPS", patch: { name: "C" } }) { code } }',
    )
    expect(short.errors[0]!.extensions).toMatchObject({ code: 'VALIDATION', fields: ['name'] })
    const kept = await app().ask(
      sales,
      'mutation { updateOrderLine(input: { orderId: 4, line: 1, patch: { price: 1 } }) { line } }',
    )
    expect(kept.errors[0]!.extensions.code).toBe('FORBIDDEN')
    const counted = await app().ask(
      sales,
      'mutation { updateOrderLine(input: { orderId: 4, line: 1, patch: { quantity: 3 } }) { orderLine { quantity } } }',
    )
    expect(counted.data.updateOrderLine).toEqual({ orderLine: { quantity: 3 } })
    // A value that was there and does not fit stays, as long as nobody changes it.
    const old = await app().ask(
      sales,
      'mutation { updateCustomer(input: { code: "BOLID", patch: { credit: 8 } }) { customer { credit } } }',
    )
    expect(old.data.updateCustomer).toEqual({ customer: { credit: 8 } })
    const taken = await app().ask(
      sales,
      'mutation { createOrder(input: { order: { customerId: "CHOPS", total: "12.50" } }) { id } }',
    )
    expect(taken.errors[0]!.extensions.code).toBe('CONFLICT')
  })

  test('do not reach another tenant', async () => {
    for (const query of [
      'mutation { updateCustomer(input: { code: "GLOBX", patch: { name: "Mine" } }) { code } }',
      'mutation { deleteOrder(input: { id: 3 }) { id } }',
      'mutation { createOrder(input: { order: { customerId: "GLOBX", total: "1" } }) { id } }',
      'mutation { createOrderLine(input: { orderLine: { orderId: 3, line: 9, price: 1 } }) { line } }',
      'mutation { createVisit(input: { visit: { customerId: "GLOBX" } }) { id } }',
    ])
      expect((await app().ask(sales, query)).errors[0]?.extensions.code, query).toBe('NOT_FOUND')
    const smuggled = app().database.asActor({ roles: ['sales'], tenant: acme, actor: sam }, (client) =>
      client.query(
        `insert into public.customers (customer_id, company_id, name) values ('SMUGG', '${globex}', 'Smuggled')`,
      ),
    )
    await expect(smuggled).rejects.toMatchObject({ code: '42501' })
  })

  test('rows of both kinds refer to each other', async () => {
    const visit = await app().ask(
      sales,
      'mutation { createVisit(input: { visit: { customerId: "ALFKI", orderId: 1 } }) { id visit { customer { name } order { total } } } }',
    )
    expect(visit.errors).toEqual([])
    expect(visit.data.createVisit.visit).toEqual({ customer: { name: 'Alfreds' }, order: { total: '12.50' } })
    const inUse = await app().ask(sales, 'mutation { deleteCustomer(input: { code: "ALFKI" }) { code } }')
    expect(inUse.errors[0]!.extensions.code).toBe('CONFLICT')
    const gone = await app().ask(sales, 'mutation { deleteOrder(input: { id: 4 }) { id } }')
    expect(gone.data.deleteOrder).toEqual({ id: 4 })
    expect((await app().ask(sales, '{ orderLine(orderId: 4, line: 1) { line } }')).data.orderLine).toBeNull()
  })
})

describe('keys that hold no tenant', () => {
  const make = async (asker: Asker, entity: string, row: string): Promise<unknown> => {
    const { errors } = await app().ask(asker, `mutation { create${entity}(input: { ${row} }) { __typename } }`)
    return errors.map(({ message, extensions }) => ({ message, ...extensions }))
  }

  test('tell nothing where a relation stands in them: a taken key and a free one are answered alike', async () => {
    const probe = (order: number) =>
      make(globexSales, 'OrderLine', `orderLine: { orderId: ${order}, line: 1, price: 1 }`)
    const taken = await probe(1)
    expect(taken).toMatchObject([{ code: 'NOT_FOUND' }])
    // No such order; one of Acme's without such a line.
    expect(await probe(999)).toEqual(taken)
    expect(await probe(2)).toEqual(taken)
  })

  test('tell what the model accepts with `keys: global`, and no more', async () => {
    const taken = await make(globexSales, 'Customer', 'customer: { code: "ALFKI", name: "Probe" }')
    expect(taken).toMatchObject([{ code: 'CONFLICT' }])
    expect(JSON.stringify(taken)).not.toContain('Alfreds')
  })
})

describe('a start of the server', () => {
  const problems = async (change: string, undo: string): Promise<readonly string[]> => {
    const { database, model, catalog } = app()
    await database.migrator.query(change)
    const login = await database.connect(database.loginUrl)
    try {
      const found = await verifyDatabase(login, { appFolder: scratch, model, catalog, names: database.names })
      return found.map(({ code, object }) => `${code} ${object}`)
    } finally {
      await login.end()
      await database.migrator.query(undo)
    }
  }

  test('is fine as it is', async () => {
    expect(await problems('select 1', 'select 1')).toEqual([])
  })

  test.each([
    [
      'row security off',
      'alter table public.orders disable row level security',
      'alter table public.orders enable row level security',
      'TABLE_UNPROTECTED public.orders',
    ],
    [
      'another pin',
      'alter policy tenant on "Sales"."Order Details" using (true)',
      'alter policy tenant on "Sales"."Order Details" using (company_id = (select rowhouse.tenant_id()))',
      'TABLE_UNPROTECTED Sales.Order Details',
    ],
    [
      'a view over it',
      'create view public.peek as select * from public.orders; grant select on public.peek to public',
      'drop view public.peek',
      'TABLE_UNPROTECTED public.peek',
    ],
    [
      'a view over a view over it',
      `create view public.peek as select * from public.orders; create view public.peek_again as select * from public.peek;
       grant select on public.peek_again to public`,
      'drop view public.peek cascade',
      'TABLE_UNPROTECTED public.peek_again',
    ],
    [
      'a right of everyone',
      'grant select (secret_note) on public.customers to public',
      'revoke select (secret_note) on public.customers from public',
      'DATABASE_DRIFTED database',
    ],
  ])('is refused with %s', async (_title, change, undo, wanted) => {
    expect(await problems(change, undo)).toContain(wanted)
  })
})
