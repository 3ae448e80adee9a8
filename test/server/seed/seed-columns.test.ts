import { expect, test } from 'vitest'
import { loadModel } from '#policies'
import type { SeedRow } from '#server'
import { checkSeed } from '../../../server/seed/plan-seed.ts'
import { rowColumns } from '../../../server/seed/row-columns.ts'
import { tenants } from '../lodge.ts'

const { model } = await loadModel('test/fixtures/apps/lodge')
const id = '00000000-0000-8000-8000-000000000001'

function plan(entity: string, row: SeedRow) {
  const tenant = { id: tenants.alp, slug: 'alp', name: 'Alp', rows: { [entity]: [{ id, ...row }] } }
  checkSeed(model, { tenants: [tenant] })
  return rowColumns(model.entities.find(({ name }) => name === entity)!, row, [])
}

test('value objects are given whole, in part, or as missing; periods by their ends', () => {
  expect(plan('Guest', { home: { street: 'A', city: 'B', geo: { lat: 1, lng: 2 } }, billing: null })).toEqual({
    ...{ home_street: 'A', home_city: 'B', home_geo_lat: 1, home_geo_lng: 2 },
    ...{ billing_street: null, billing_city: null, billing_postcode: null, billing_kind: null },
    ...{ billing_geo_lat: null, billing_geo_lng: null },
  })
  expect(plan('Booking', { stay: { from: '2026-01-01', to: '2026-01-02' }, cleaning: null })).toEqual({
    stay: '["2026-01-01","2026-01-02"]',
    cleaning: null,
  })
  expect(plan('Booking', { cleaning: { to: '2026-01-01T00:00:00Z' } })).toEqual({
    cleaning: '[,"2026-01-01T00:00:00Z")',
  })
})

test.each<[string, string, SeedRow, string]>([
  ['an unknown part', 'Guest', { home: { ctiy: 'B' } }, '"home" of "Guest" has no part "ctiy". Did you mean "city"?'],
  ['an unknown inner part', 'Guest', { home: { geo: { lot: 1 } } }, '"home.geo" of "Guest" has no part "lot"'],
  ['no object', 'Guest', { home: 'B' }, '"home" of "Guest" must be an object of its parts.'],
  ['an object for a text', 'Guest', { name: { first: 'B' } }, '"name" of "Guest" is one text.'],
  ['no period', 'Booking', { stay: '2026-01-01' }, '"stay" of "Booking" must be { from, to }'],
  [
    'a period the wrong way round',
    'Booking',
    { stay: { from: '2026-01-02', to: '2026-01-01' } },
    'end after it begins',
  ],
])('%s is no row', (_, entity, row, message) => {
  expect(() => plan(entity, row)).toThrow(
    expect.objectContaining({ code: 'SEED_INVALID', message: expect.stringContaining(message) }),
  )
})
