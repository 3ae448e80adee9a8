import { expect, test } from 'vitest'
import { leaveRow } from '../../../server/graphql/mutations/insert-row.ts'
import type { ClientQuery } from '../../../server/postgres/with-pg-client.ts'

/** What is sent for a row. */
function sentFor(columns: Readonly<Record<string, unknown>>, plain: readonly string[]): ClientQuery {
  const sent: ClientQuery[] = []
  const client = {
    ahead: { isKeyLate: true, leave: () => undefined },
    query: async (query: ClientQuery) => {
      sent.push(query)
      return { rows: [], rowCount: 1, notices: [] }
    },
    finish: () => undefined,
  }
  leaveRow(client as never, { table: '"app"."old"', columns, plain: new Set(plain) })
  return sent[0]!
}

test.each([
  ['as they are', ['a', 'a b', 'b c', 'c']],
  ['as JSON', []],
])('columns whose names have blanks are never taken for others: values %s', (_, plain) => {
  const [one, other] = [sentFor({ a: '1', 'b c': '2' }, plain), sentFor({ 'a b': '1', c: '2' }, plain)]
  expect(one.text).toContain('insert into "app"."old" ("a", "b c") ')
  expect(other.text).toContain('insert into "app"."old" ("a b", "c") ')
  expect(one.name).not.toBe(other.name)
})
