import { policyTest } from 'rowhouse/policies'

export const products = policyTest('products', {
  actors: {
    ada: { roles: ['admin'] },
    sam: { roles: ['sales'] },
    mia: { roles: ['sales'] },
    lee: { roles: ['lead'], region: 'us' },
    abe: { roles: ['accountant'] },
    vic: { roles: null },
  },
  rows: {
    north: { Organization: {} },
    south: { Organization: {} },
    samNorth: { Membership: { user: 'sam', organization: 'north', level: 'member' } },
    miaNorth: { Membership: { user: 'mia', organization: 'north', level: 'manager' } },
    dress: { Product: { sku: 'AA-0001', stock: 3 } },
    old: { Product: { sku: 'AA-0002', active: false } },
  },
  expect: {
    'ada deletes old': true,
    'abe reads old': true,
    'vic reads dress': false,
    "lee creates Product { sku: 'AA-0003' }": true,
    "sam creates Product { sku: 'AA-0003' }": false,
    "lee updates old { name: 'Old' }": true,
    'sam updates dress { stock: 2 }': true,
    'sam updates old { stock: 2 }': false,
    "sam updates dress { name: 'Gown' }": false,
  },
})
