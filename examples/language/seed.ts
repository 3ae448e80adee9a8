import { defineSeed, stableId } from 'rowhouse'

// reference: stableId
const acme = stableId('acme')

// reference: defineSeed
export const seed = defineSeed(({ scale }) => ({
  shared: { Person: [{ id: stableId('ann'), name: 'Ann' }] },
  tenants: [{ id: acme, slug: 'acme', name: 'Acme', rows: { Customer: customers(50 * scale) } }],
}))

function* customers(count: number) {
  for (let index = 1; index <= count; index += 1)
    yield { id: stableId('customer', `${index}`), name: `Customer ${index}` }
}
