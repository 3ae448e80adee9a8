import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import type { Entity, Model } from '#schema'
import { ConstraintFields } from '../../../server/http/constraint-fields.ts'
import { uniqueOn } from '../../support/model.ts'
import { fixtureModel } from '../fixture-model.ts'

/** `lineNumber` of `Order` and `number` of `OrderLine` ask for the same names of index and check. */
function clashing(): Model {
  const model = fixtureModel()
  const number = model.entities.find(({ name }) => name === 'Order')?.fields.find(({ name }) => name === 'number')
  const withField = (entity: Entity, name: string, column: string): Entity => ({
    ...entity,
    fields: [{ ...number!, name, column }, ...entity.fields],
    unique: [uniqueOn(name)],
  })
  const entities = model.entities.map((entity) => {
    if (entity.name === 'Order') return withField(entity, 'lineNumber', 'line_number')
    return entity.name === 'OrderLine' ? withField(entity, 'number', 'number') : entity
  })
  return { ...model, entities }
}

const model = clashing()
const fields = new ConstraintFields(model)

test('every unique index of a catalog names its fields, renamed ones too', () => {
  const found = buildCatalog(model).tables.flatMap((table) =>
    table.indexes.filter(({ unique }) => unique).map((index) => [table.name, index.name] as const),
  )
  expect(found.map(([table, constraint]) => [table, fields.fieldsOf({ table, constraint })])).toEqual([
    ['customer', ['email']],
    ['customer', ['name', 'region']],
    ['invoice', ['orderId']],
    ['order', ['lineNumber']],
    ['order_line', ['number']],
    ['product', ['sku']],
  ])
  expect(found).toContainEqual(['order_line', expect.stringMatching(/^order_line_number_[0-9a-f]{8}_key$/)])
})

test('a name that two tables have is told apart', () => {
  const constraint = 'order_line_number_check'
  expect(fields.fieldsOf({ table: 'order', constraint })).toEqual(['lineNumber'])
  expect(fields.fieldsOf({ table: 'order_line', constraint })).toEqual(['number'])
})

test('every check and key of a catalog that is about a field names it', () => {
  const unknown = buildCatalog(model).tables.flatMap((table) =>
    table.constraints.filter(({ name }) => fields.fieldsOf({ table: table.name, constraint: name }).length === 0),
  )
  expect(unknown.filter(({ name }) => !name.endsWith('_tenant_fkey'))).toEqual([])
})
