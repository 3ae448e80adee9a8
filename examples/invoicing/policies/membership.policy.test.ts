import { policyTest } from 'rowhouse/policies'

export const memberships = policyTest('memberships', {
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
    goneNorth: { Membership: { user: 'ada', organization: 'north', level: 'member', deletedAt: 'now' } },
    leaSouth: { Membership: { user: 'lee', organization: 'south', level: 'member' } },
  },
  expect: {
    'ada reads leaSouth': true,
    'sam reads samNorth': true,
    'sam reads miaNorth': false,
    'mia reads samNorth': true,
    'mia reads leaSouth': false,
    'vic reads samNorth': false,
    'mia removes samNorth': true,
    'mia removes miaNorth': false,
    'sam removes samNorth': false,
    'mia restores goneNorth': true,
  },
})
