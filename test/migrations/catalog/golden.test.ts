import { expect, test } from 'vitest'
import { canonicalJson } from '#base'
import { buildCatalog, renderCatalog } from '#migrations'
import type { Model } from '#schema'
import { shop } from './shop.ts'

test('the SQL of the shop', async () => {
  await expect(renderCatalog(buildCatalog(shop))).toMatchFileSnapshot('../../golden/catalog/shop.sql')
})

test('order of declaration means nothing, two runs give the same bytes', () => {
  const turned: Model = {
    ...shop,
    entities: [...shop.entities].reverse(),
    roles: [...shop.roles].reverse(),
    policies: shop.policies.map((policy) => ({ ...policy, rules: [...policy.rules].reverse() })).reverse(),
  }
  expect(canonicalJson(buildCatalog(turned))).toBe(canonicalJson(buildCatalog(shop)))
  expect(renderCatalog(buildCatalog(turned))).toBe(renderCatalog(buildCatalog(shop)))
})
