import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import * as m from '../../support/model.ts'

test('tables of one name in two schemas share no function', () => {
  const node = {
    fields: { title: m.text(), until: m.plain('datetime') },
    relations: { parent: m.one('Knot', { optional: true }) },
    unique: [['title']],
  }
  const model = m.makeModel({
    entities: { User: { tenant: false }, Knot: node, OldKnot: { ...node, relations: {} } },
    roles: { staff: [] },
    actor: { entity: 'User', values: [] },
    policies: {
      Knot: [m.allow('all', 'staff', 'anything')],
      OldKnot: [m.allow('all', 'staff', 'anything')],
      User: [m.allow('all', 'staff', ['read'])],
    },
  })
  const entities = model.entities.map((entity) => {
    if (entity.name === 'Knot') return { ...entity, tree: 'parent', expires: 'until' }
    return entity.name === 'OldKnot' ? { ...entity, schema: 'legacy', table: 'knot', expires: 'until' } : entity
  })
  const { functions } = buildCatalog({ ...model, entities })
  const names = functions.map(({ name, identity }) => `${name}(${identity})`)
  expect(new Set(names).size).toBe(names.length)
  expect(names.filter((name) => name.startsWith('refill_'))).toEqual(['refill_knot()', 'refill_legacy_knot()'])
})
