import { expect, test } from 'vitest'
import { toText } from '#base'
import { buildCatalog } from '#migrations'
import { conditionToSql, holds, indexModel, namedRow, type Row, statementActor } from '#policies'
import type { Condition, FieldType } from '#schema'
import { useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'

const db = useDatabase()

const of = (type: FieldType): m.GivenField => ({
  type: { kind: 'list', of: type, min: null, max: null },
  optional: true,
})
const model = m.makeModel({
  entities: {
    Thing: {
      fields: {
        name: m.text(),
        tags: of(m.text().type),
        ranks: of(m.int().type),
        prices: of(m.money().type),
        days: of({ kind: 'date' }),
      },
    },
  },
})

const rows: readonly Row[] = [
  { name: 'none', tags: null, ranks: null, prices: null, days: null },
  { name: 'empty', tags: [], ranks: [], prices: [], days: [] },
  { name: 'one', tags: ['a'], ranks: [1], prices: ['10.50'], days: ['2026-01-31'] },
  {
    name: 'more',
    tags: ['a', "o'b", '{}', ''],
    ranks: [1, 2, 2],
    prices: ['10.50', '-3.00'],
    days: ['2026-01-31', '2024-02-29'],
  },
  { name: 'odd', tags: ['A', '\\', '%', '"', 'null', 'ä'], ranks: [-1, 0], prices: ['0.00'], days: ['0001-01-01'] },
]

const elements: Readonly<Record<string, readonly (string | number)[]>> = {
  tags: ['a', 'A', "o'b", '{}', '', '\\', '%', '"', 'null', 'z'],
  ranks: [1, 2, 0, 7],
  prices: ['10.5', '10.50', '-3', '1.00'],
  days: ['2026-01-31', '2024-02-29', '2000-01-01'],
}

/** Every test of every list, with every pair of values, and what negates it. */
function conditions(): readonly Condition[] {
  const plain = Object.entries(elements).flatMap(([on, values]): readonly Condition[] => {
    const compare = (op: 'has' | 'hasAny' | 'hasAll' | 'empty' | 'is' | 'isNot', to: object) =>
      ({ kind: 'compare', on, op, to }) as Condition
    const pairs = values.flatMap((a) => values.map((b) => [a, b]))
    return [
      ...values.map((value) => compare('has', { kind: 'value', value })),
      ...(['hasAny', 'hasAll'] as const).flatMap((op) =>
        pairs.map((each) => compare(op, { kind: 'list', values: each })),
      ),
      ...[true, false].map((value) => compare('empty', { kind: 'value', value })),
      ...(['is', 'isNot'] as const).map((op) => compare(op, { kind: 'value', value: null })),
    ]
  })
  return [...plain, ...plain.map((not): Condition => ({ kind: 'not', not }))]
}

test('Postgres and the reference mean the same by the tests of lists', async () => {
  await db().applyCatalog(buildCatalog(model))
  const index = indexModel(model)
  const scope = {
    index,
    entity: model.entities[0]!,
    row: namedRow('t0'),
    actor: statementActor,
    related: 'inline',
    depth: 0,
  } as const
  const now = new Date().toISOString()
  const all = conditions()
  const columns = all.map((each, at) => `(${toText(conditionToSql(each, scope))}) is true as c${at}`)
  const given = JSON.stringify(rows)
  const wrong: unknown[] = []
  // A target list has 1,664 columns at most.
  for (let start = 0; start < columns.length; start += 500) {
    const part = columns.slice(start, start + 500).join(', ')
    const query = `select t0.name, ${part} from jsonb_populate_recordset(null::app.thing, $1) t0`
    const { rows: found } = await db().migrator.query(query, [given])
    for (const [at, row] of found.entries())
      for (const [offset, condition] of all.slice(start, start + 500).entries()) {
        const meant = holds(condition, { world: { index, rows: {}, now }, entity: 'Thing', row: rows[at]! })
        if (row[`c${start + offset}`] !== meant) wrong.push({ row: row.name, condition, meant })
      }
  }
  expect(wrong).toEqual([])
  expect(all.length).toBeGreaterThan(500)
})
