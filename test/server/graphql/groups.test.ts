import { expect, test } from 'vitest'
import { useShopServer } from '../client.ts'
import { acme } from '../shop.ts'

const shop = useShopServer()

test('groups end after 1,000, also inside other lists', async () => {
  await shop().database.asOwner((client) =>
    client.query(
      `insert into app.product (tenant_id, sku, name) select '${acme}', 'G' || n, 'Group ' || n from generate_series(1, 1100) n`,
    ),
  )
  const grouped = 'groupedAggregates(groupBy: [SKU]) { keys }'
  const { data, errors } = await shop().ask(
    `{ products(first: 0) { totalCount ${grouped} } orders(first: 3) { nodes { products { ${grouped} } } } }`,
  )
  expect(errors).toEqual([])
  expect([data.products.totalCount, data.products.groupedAggregates.length]).toEqual([1104, 1000])
  expect(data.orders.nodes).toHaveLength(3)
})
