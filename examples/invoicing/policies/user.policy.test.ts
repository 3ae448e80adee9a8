import { policyTest } from 'rowhouse/policies'

export const users = policyTest('people', {
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
    'sam reads sam': true,
    'ada reads sam': false,
    'vic reads sam': false,
    "sam updates sam { name: 'Sam' }": true,
    "sam updates sam { email: 'x@example.com' }": false,
    "ada updates sam { name: 'Sam' }": false,
  },
})
