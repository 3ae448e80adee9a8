import { buildSchema, parse } from 'graphql'
import { expect, test } from 'vitest'
import { countRows } from '../../../server/http/limits/count-rows.ts'

const schema = buildSchema(
  'type Query { orders(first: Int, offset: Int): Order } type Order { id: ID, orders(first: Int): Order }',
)

test('a document is counted for each request whose variables say how many rows it asks for', () => {
  const document = parse('query ($n: Int = 3) { orders(first: 2) { orders(first: $n) { id } } }')
  const rowsOf = (variableValues: Readonly<Record<string, unknown>>) =>
    countRows({ schema, document, variableValues }, { pageSize: 10 })
  for (const [variables, rows] of [
    [{}, 11],
    [{ n: 7 }, 19],
    [{}, 11],
    [{ n: null }, 25],
    [{ n: 7 }, 19],
  ] as const)
    expect(rowsOf(variables)).toBe(rows)
})

test('a document that variables do not change is counted once for each size of pages and each operation', () => {
  const document = parse('query A ($id: ID) { orders { id } } query B { orders(first: 2) { id } }')
  const rowsOf = (operationName: string, pageSize: number) =>
    countRows({ schema, document, operationName }, { pageSize })
  for (let time = 0; time < 2; time++)
    expect([rowsOf('A', 10), rowsOf('A', 20), rowsOf('B', 10), rowsOf('B', 20)]).toEqual([11, 21, 3, 3])
})
