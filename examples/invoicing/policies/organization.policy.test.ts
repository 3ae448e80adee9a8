import { policyTest } from 'rowhouse/policies'

export const organizations = policyTest('organizations', {
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
  },
  expect: {
    'ada reads north': true,
    'sam reads north': true,
    'sam reads south': false,
    'lee reads south': true,
    'abe reads south': true,
    'vic reads north': false,
    "mia updates north { name: 'North' }": true,
    "sam updates north { name: 'North' }": false,
    "mia updates south { name: 'South' }": false,
    'ada deletes south': false,
    'ada removes south': true,
  },
})
