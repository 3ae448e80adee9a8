import { policyTest } from 'rowhouse/policies'

export const orders = policyTest('orders', {
  actors: {
    // @ts-expect-error unknown role
    ann: { roles: ['slaes'] },
    // @ts-expect-error unknown fact of a request
    bob: { request: { mfs: true } },
  },
  rows: {
    // @ts-expect-error unknown entity
    shop: { Custommer: { name: 'Shop' } },
    // @ts-expect-error unknown field
    mine: { Order: { custommer: 'shop' } },
  },
  expect: {
    'ann reads mine': true,
    // @ts-expect-error nobody is called so
    'anne reads mine': false,
  },
})

/** Nothing is wrong with this one. */
export const right = policyTest('right', {
  actors: { ann: { roles: ['sales'], region: 'eu', request: { mfa: true } }, vic: { roles: null } },
  rows: {
    shop: { Customer: { id: 'x', name: 'Shop', region: 'eu' } },
    mine: { Order: { customer: 'shop', status: 'draft', deletedAt: 'now' } },
    told: { Receipt: { subject: 'shop', followers: ['ann'] } },
  },
  expect: { 'ann reads mine': true, 'vic reads mine': false, "ann updates mine { notes: 'x' }": true },
})
