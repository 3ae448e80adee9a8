import { policyTest } from 'rowhouse/policies'

// reference: policyTest
export const shops = policyTest('shops', {
  actors: { vic: { roles: null } },
  rows: { corner: { Shop: { open: true } }, attic: { Shop: { open: false } } },
  expect: { 'vic removes corner': false, 'vic updates attic { open: true }': false },
})
