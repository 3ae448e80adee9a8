import type { SeedData } from '#server'

const id = (end: string) => `00000000-0000-8000-8000-0000000000${end}`

/** Whoever works there. */
export const people = { ada: id('f1'), sam: id('f2'), abe: id('f3') }
export const acme = id('0a')
export const globex = id('0b')
export const rows = { customer: id('c1'), product: id('d1'), order: id('e1') }
/** What the other company has. */
export const theirs = { customer: id('c9'), product: id('d9') }

/** Two small companies that the example is tried in: each has a customer, and the first one an order, which is approved. */
export const smallCompany: SeedData = {
  shared: {
    User: Object.entries(people).map(([name, key]) => ({ id: key, name, email: `${name}@example.com` })),
  },
  tenants: [
    {
      ...{ id: acme, slug: 'acme', name: 'Acme' },
      rows: {
        Organization: [{ id: id('b1'), name: 'North', slug: 'north' }],
        Membership: [{ id: id('b2'), user: people.sam, organization: id('b1'), level: 'member' }],
        Customer: [
          { id: rows.customer, number: 'C-1', name: 'Bakery', region: 'eu', organization: id('b1'), paymentTerm: 14 },
        ],
        Contact: [
          { id: id('c2'), customer: rows.customer, name: 'Eve', email: 'eve@bakery.example', part: 'billing' },
          { id: id('c3'), customer: rows.customer, name: 'Bob', email: 'bob@bakery.example', part: 'buyer' },
        ],
        Product: [{ id: rows.product, sku: 'AA-0001', name: 'Oven', price: '100' }],
        Order: [{ id: rows.order, number: 'SO-1', customer: rows.customer, placedBy: people.sam, status: 'approved' }],
        OrderLine: [{ id: id('e2'), order: rows.order, product: rows.product, quantity: 3, unitPrice: '90' }],
      },
    },
    {
      ...{ id: globex, slug: 'globex', name: 'Globex' },
      rows: {
        Organization: [{ id: id('b9'), name: 'East', slug: 'east' }],
        Customer: [{ id: theirs.customer, number: 'C-1', name: 'Inn', region: 'eu', organization: id('b9') }],
        Product: [{ id: theirs.product, sku: 'AA-0001', name: 'Oven', price: '100' }],
      },
    },
  ],
}
