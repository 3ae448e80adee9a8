import { expect, test } from 'vitest'
import { entitiesOnly, problemsOf, warningsOf } from './written-app.ts'

const thing = (options: string) =>
  entitiesOnly(`export const Thing = entity('Thing', { ${options}, fields: { name: string() } })`)

test('tenants do not share a sequence of 32,767 ids', async () => {
  expect(await problemsOf(thing("id: 'int16'"))).toEqual([['ENTITY_ID_TOO_SMALL', "'int16'"]])
  expect(await problemsOf(thing("id: { column: 'no', type: 'int16' }"))).toHaveLength(1)
})

test('a sequence of two thousand million is told of', async () => {
  expect(await warningsOf(thing("id: 'int32'"))).toEqual([['ENTITY_ID_NARROW', "'int32'"]])
})

test.each([
  ['larger ids', "id: 'int64'"],
  ['uuids', "id: { column: 'no', type: 'uuid' }"],
  ['rows of no tenant', "id: 'int16', tenant: false"],
  ['what was there before', "id: 'int16', adopt: 'public.thing', tenant: { column: 'tenant_id' }, builtIns: false"],
])('%s are none of its business', async (_, options) => {
  expect(await problemsOf(thing(options))).toEqual([])
  expect(await warningsOf(thing(options))).toEqual([])
})
