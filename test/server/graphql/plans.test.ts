import { execute } from 'grafast'
import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { roleSetName } from '#migrations'
import { createGraphqlSchema } from '../../../server/graphql/create-graphql-schema.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import type { ClientQuery, RequestClient, RequestSettings } from '../../../server/postgres/with-pg-client.ts'
import { acme, sam, useShop } from '../shop.ts'

const shop = useShop()

test('rows that a batch asks for by id come from the index, also behind policies', async () => {
  const { model, database } = shop()
  await database.asOwner(async (client) => {
    await client.query(
      `insert into app.product (tenant_id, sku, name) select '${acme}', 'X' || n, 'x' from generate_series(1, 20000) n`,
    )
  })
  await database.asRole(database.names.owner, (client) =>
    client.query('analyze app.product, app.order_line, app."order"'),
  )
  const pool = new RequestPool({ connectionString: database.loginUrl, max: 2 })
  try {
    const sent: ClientQuery[] = []
    const settings = {
      role: roleSetName(model.app, ['sales']),
      'rowhouse.tenant_id': acme,
      'rowhouse.actor_id': sam,
      'rowhouse.claim_region': 'eu',
      'rowhouse.claim_max_discount': '',
    }
    // Notes every statement on its way to the real pool.
    const withPgClient = (given: RequestSettings, work: (client: RequestClient) => Promise<unknown>) =>
      pool.withPgClient(given, (client) =>
        work({
          ...client,
          query: (query) => {
            sent.push(query)
            return client.query(query)
          },
        }),
      )
    const { schema, resolvedPreset } = createGraphqlSchema(model)
    const query =
      '{ orders(first: 20) { nodes { products { nodes { name } edges { orderLines { nodes { quantity } } } } } } }'
    const result = await execute({
      ...{ schema, resolvedPreset, document: parse(query), contextValue: { withPgClient, pgSettings: settings } },
    } as never)
    expect((result as { errors?: unknown }).errors).toBeUndefined()
    const batched = sent.filter(({ text }) => text.includes('json_array_elements'))
    expect(batched.length).toBeGreaterThan(0)
    for (const { text, values = [] } of batched) {
      expect(text).toContain('as ids offset 0)')
      const { rows } = await pool.withPgClient(settings, (client) =>
        client.query<{ 'QUERY PLAN': unknown }>({ text: `explain (format json) ${text}`, values }),
      )
      const plan = JSON.stringify(rows)
      expect(plan).not.toMatch(/"Node Type":"Seq Scan"[^{}]*"Relation Name":"product"/)
    }
  } finally {
    await pool.close()
  }
})
