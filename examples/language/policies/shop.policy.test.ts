import { policyTest } from 'rowhouse/policies'

// reference: policyTest
export const shops = policyTest('shops', {
  actors: { vic: { roles: null } },
  rows: {
    corner: { Shop: { seats: 4, website: 'https://corner.example' } },
    attic: { Shop: { open: false, hotline: '+4930123456' } },
  },
  expect: { 'vic reads attic': false, 'vic removes corner': false, 'vic updates corner { open: false }': false },
})

export const orders = policyTest('orders', {
  actors: { cleo: { roles: ['clerk'], country: 'FR' }, otto: { roles: [] }, boss: { roles: ['chief'] } },
  rows: {
    baker: { Customer: { country: 'FR' } },
    butcher: { Customer: { country: 'IT' } },
    late: { Order: { customer: 'butcher', wantedOn: '2020-01-01', promisedOn: '2020-02-01', gift: '5' } },
    open: { Order: { customer: 'baker', wantedOn: '2999-01-01', promisedOn: '2999-01-02', tip: '3' } },
    line: { OrderLine: { order: 'open' } },
    bill: { Invoice: { order: 'open' } },
  },
  expect: {
    'otto reads late': true,
    'otto reads open': false,
    'cleo updates open { promisedOn: "2999-01-01" }': true,
    'cleo updates open { promisedOn: "2999-01-05" }': false,
    'cleo creates Order { customer: baker }': true,
    'cleo creates Order { customer: baker, gift: "7" }': true,
    'cleo reads open.tip': false,
    'boss reads open.tip': true,
    'cleo reads line': true,
    'otto reads line': false,
    'cleo reads bill': true,
  },
})
