import { type GraphQLEnumType, isEnumType } from 'graphql'
import { sql } from 'pg-sql2'
import { expect, test } from 'vitest'
import type { Entity, Model } from '#schema'
import { createGraphqlSchema } from '../../../server/graphql/create-graphql-schema.ts'
import type { OrderSpec } from '../../../server/graphql/wrap-order.ts'
import { fixtureModel } from '../fixture-model.ts'

/** The fixture with optional whole numbers whose names read like those of aggregates. */
function withCounts(): Model {
  const model = fixtureModel()
  const lead = model.entities.find(({ name }) => name === 'Order')?.fields.find(({ name }) => name === 'lead')
  const added: Readonly<Record<string, string>> = { Customer: 'stockCount', OrderLine: 'count', Order: 'linesSum' }
  const entities = model.entities.map((entity): Entity => {
    const name = added[entity.name]
    if (name === undefined) return entity
    const column = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    const type = { kind: 'int', min: null, max: null } as const
    return { ...entity, fields: [{ ...lead!, name, column, type }, ...entity.fields] }
  })
  return { ...model, entities }
}

const { schema } = createGraphqlSchema(withCounts())

/** Whether an order asks "is it null" before it asks for the value. */
function asksForNull(type: string, value: string): boolean {
  const orders = schema.getType(type)
  if (!isEnumType(orders)) throw new Error(`There is no enum ${type}.`)
  const specs: OrderSpec[] = []
  applyOf(orders, value)({ alias: sql.identifier('t'), orderBy: (spec) => void specs.push(spec) }, {})
  return specs.length === 2
}

type Apply = (builder: { alias: unknown; orderBy(spec: OrderSpec): void }, info: unknown) => void

function applyOf(type: GraphQLEnumType, name: string): Apply {
  const apply = (type.getValue(name)?.extensions as { grafast?: { apply?: Apply } } | undefined)?.grafast?.apply
  if (apply === undefined) throw new Error(`There is no order ${name}.`)
  return apply
}

// A cursor behind such an order would skip rows.
test.each([
  ['OrderOrderBy', 'CUSTOMER__STOCK_COUNT_ASC'],
  ['OrderOrderBy', 'LINES_MAX_COUNT_DESC'],
  ['OrderOrderBy', 'LINES_SUM_ASC'],
  ['CustomerOrderBy', 'ORDERS_AVERAGE_LINES_SUM_ASC'],
])('%s.%s may be null, whatever its name says', (type, value) => {
  expect(asksForNull(type, value)).toBe(true)
})

test.each([
  ['OrderOrderBy', 'LINES_COUNT_ASC'],
  ['OrderOrderBy', 'LINES__COUNT_DESC'],
  ['OrderOrderBy', 'LINES_SUM_COUNT_ASC'],
  ['OrderOrderBy', 'LINES_DISTINCT_COUNT_COUNT_ASC'],
  ['OrderOrderBy', 'TOTAL_ASC'],
])('%s.%s is never null', (type, value) => {
  expect(asksForNull(type, value)).toBe(false)
})
