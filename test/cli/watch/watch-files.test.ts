import { expect, test } from 'vitest'
import { isOfInterest } from '../../../cli/dev/watch/watch-files.ts'

const interest = (path: string, isFile = true) =>
  isOfInterest(path, { folder: '/app', dataFolder: '/app/data', isFile })

test.each([
  '/app/schema/a.entity.ts',
  '/app/lib/deep/words.js',
  '/app/rowhouse.config.ts',
  '/app/words.json',
  '/app/reports/sales-by-store.sql',
  '/elsewhere/x.ts',
])('%s is watched', (path) => expect(interest(path)).toBe(true))

test.each([
  '/app/.rowhouse/types.d.ts',
  '/app/.git/index.json',
  '/app/node_modules/x/y.ts',
  '/app/migrations/current.ts',
  '/app/data/postgres/x.json',
  '/app/policies/order.policy.test.ts',
  '/app/types.d.ts',
  '/app/README.md',
  '/app/schema/order.entity.ts~',
  '/app/schema/.order.entity.ts.swp',
  '/app/schema/4913',
])('%s is not', (path) => expect(interest(path)).toBe(false))

test('folders are entered, but not those of others', () => {
  expect(interest('/app', false)).toBe(true)
  expect(interest('/app/lib', false)).toBe(true)
  expect(interest('/app/data', false)).toBe(false)
  expect(interest('/app/node_modules', false)).toBe(false)
})
