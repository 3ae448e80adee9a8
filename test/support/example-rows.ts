import type { ExampleServer } from './example-server.ts'

/** Ids of a tenant's rows, by entity; those of users are of people that work there. */
export type TenantRows = Readonly<Record<string, readonly string[]>>

/** Every id of a tenant, read past row security. */
export async function tenantRows({ model, database }: ExampleServer, tenant: string): Promise<TenantRows> {
  return database.asOwner(async (client) => {
    const found: Record<string, readonly string[]> = {}
    for (const { name, table, tenancy, historyOf } of model.entities) {
      if (historyOf !== null) continue
      const text =
        tenancy !== 'none'
          ? `select id from app."${table}" where tenant_id = $1 order by id`
          : `select distinct user_id as id from app.membership where tenant_id = $1 order by 1`
      const { rows } = await client.query<{ id: string }>(text, [tenant])
      found[name] = rows.map(({ id }) => id)
    }
    return found
  })
}

/** A text that changes when any row of any table does. @param tenant of this one alone; null: of all, and the tenants themselves */
export async function contentsOf({ model, database }: ExampleServer, tenant: string | null): Promise<string> {
  return database.asOwner(async (client) => {
    const hashes: string[] = []
    for (const { table, tenancy } of model.entities) {
      if (tenant !== null && tenancy === 'none') continue
      const where = tenant === null ? '' : 'where tenant_id = $1'
      const text = `select md5(coalesce(string_agg(t::text, e'\\n' order by t::text), '')) as hash from app."${table}" t ${where}`
      const { rows } = await client.query<{ hash: string }>(text, tenant === null ? [] : [tenant])
      hashes.push(`${table} ${rows[0]!.hash}`)
    }
    return hashes.join('\n')
  })
}

let made = 0

/** Values that make a row of the example, each time others where they must be unique. Relations lead to the first of the ids. */
export function exampleRow(entity: string, ids: TenantRows): Readonly<Record<string, unknown>> {
  made += 1
  const id = (name: string): string | undefined => ids[name]?.[0]
  const number = `T-${made}`
  const rows: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    Contact: { name: 'Test', email: `t${made}@example.com`, customerId: id('Customer') },
    Customer: { number, name: 'Test', region: 'eu', organizationId: id('Organization') },
    Invoice: { amount: '1', orderId: id('Order') },
    Membership: { level: 'member', userId: id('User'), organizationId: id('Organization') },
    Order: { number, customerId: id('Customer') },
    OrderLine: { quantity: 1, unitPrice: '1', orderId: id('Order'), productId: id('Product') },
    Organization: { name: 'Test', slug: `test-${made}` },
    Payment: { amount: '1', invoiceId: id('Invoice') },
    Product: { sku: `ZZ-${String(made).padStart(4, '0')}`, name: 'Test', price: '1' },
  }
  const row = rows[entity]
  if (row === undefined) throw new Error(`The example makes no rows of "${entity}".`)
  return row
}

/** A change of a row of the example that nobody minds. */
export function examplePatch(entity: string): Readonly<Record<string, unknown>> {
  const patches: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    Contact: { newsletter: true },
    Invoice: { dueOn: '2026-12-24' },
    Membership: { since: '2026-01-01' },
    Order: { notes: 'changed' },
    OrderLine: { quantity: 7 },
    Payment: { reference: 'changed' },
    Product: { stock: 7 },
  }
  return patches[entity] ?? { name: 'Changed' }
}
