import { policyTest } from 'rowhouse/policies'

export const contacts = policyTest('contacts', {
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
    bakery: { Customer: { organization: 'north', region: 'eu' } },
    farm: { Customer: { organization: 'south', region: 'us' } },
    baker: { Contact: { customer: 'bakery', part: 'buyer' } },
    farmer: { Contact: { customer: 'farm', part: 'billing' } },
  },
  expect: {
    'ada reads farmer': true,
    'sam reads baker': true,
    'sam reads farmer': false,
    'sam updates baker { newsletter: true }': true,
    'sam creates Contact { customer: bakery }': true,
    'sam creates Contact { customer: farm }': false,
    'lee reads farmer': true,
    'lee reads baker': false,
    'abe reads farmer': true,
    'abe reads baker': false,
    'abe removes farmer': false,
  },
})
