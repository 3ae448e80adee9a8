import { policyTest } from 'rowhouse/policies'

export const payments = policyTest('payments', {
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
    order1: { Order: { customer: 'bakery', placedBy: 'sam', status: 'approved' } },
    order2: { Order: { customer: 'farm', placedBy: 'ada', status: 'approved' } },
    order3: { Order: { customer: 'bakery', placedBy: 'ada', status: 'approved' } },
    order4: { Order: { customer: 'bakery', placedBy: 'ada', status: 'approved' } },
    sent: { Invoice: { order: 'order1', status: 'sent', amount: '10', number: 'INV-1' } },
    foreign: { Invoice: { order: 'order2', status: 'sent', amount: '10', number: 'INV-2' } },
    draft: { Invoice: { order: 'order3', status: 'draft', amount: '10', number: 'INV-3' } },
    paid: { Payment: { invoice: 'sent', amount: '5' } },
    far: { Payment: { invoice: 'foreign', amount: '5' } },
  },
  expect: {
    'ada reads far': true,
    'ada deletes far': false,
    'abe reads far': true,
    "abe creates Payment { invoice: sent, amount: '5' }": true,
    'abe removes paid': true,
    'sam reads paid': true,
    'sam reads far': false,
    'sam removes paid': false,
  },
})
