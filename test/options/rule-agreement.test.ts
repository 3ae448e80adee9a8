import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toText } from '#base'
import { buildCatalog } from '#migrations'
import { entityRuleToSql, indexModel } from '#policies'
import type { Condition, Operator } from '#schema'
import { useDatabase } from '../support/database.ts'
import * as m from '../support/model.ts'

const db = useDatabase()
const numbers = [null, -1, 0, 1]
const words = [null, '', 'a', 'ab', 'a%']
const model = m.makeModel({
  entities: {
    Thing: {
      tenant: false,
      fields: {
        a: m.optional(m.int()),
        b: m.optional(m.int()),
        c: m.int(),
        s: m.optional(m.text()),
        t: m.optional(m.text()),
      },
    },
  },
})
const [thing] = model.entities

const ops: readonly Operator[] = ['is', 'isNot', 'under', 'atMost', 'over', 'atLeast']
const textOps: readonly Operator[] = ['is', 'isNot', 'startsWith', 'contains', 'endsWith']
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(...ops), fc.constantFrom(-1, 0, 1))
    .map((each) => m.compare(...each)),
  fc
    .tuple(fc.constantFrom('a', 'c'), fc.constantFrom(...ops))
    .map(([on, op]) => m.compare(on, op, { kind: 'row', name: 'b' })),
  fc
    .tuple(fc.constantFrom('s'), fc.constantFrom(...textOps))
    .map(([on, op]) => m.compare(on, op, { kind: 'row', name: 't' })),
  fc
    .tuple(fc.constantFrom('s'), fc.constantFrom(...textOps), fc.constantFrom('', 'a', '%'))
    .map((each) => m.compare(...each)),
  fc
    .tuple(fc.constantFrom('a', 's'), fc.constantFrom('is' as const, 'isNot' as const))
    .map(([on, op]) => m.compare(on, op, null)),
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('in' as const, 'notIn' as const))
    .map(([on, op]) => m.compare(on, op, [0, 1])),
)
const tree = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((each) => m.all(...each)),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((each) => m.any(...each)),
    tie('tree').map(m.not),
  ),
})).tree
const rules = fc.sample(tree, { numRuns: 400, seed: 7 })

type Row = Readonly<Record<string, string | number | null>>

const rows = numbers.flatMap((a) =>
  numbers.flatMap((b) =>
    words.flatMap((s) => words.map((t, at): Row => ({ a, b, c: numbers.filter((c) => c !== null)[at % 3]!, s, t }))),
  ),
)

test('a rule refuses exactly the rows that definitely break it', async () => {
  await db().applyCatalog(buildCatalog(model))
  await db().asOwner((client) =>
    client.query(
      'insert into app.thing (a, b, c, s, t) select a, b, c, s, t from jsonb_populate_recordset(null::app.thing, $1)',
      [JSON.stringify(rows)],
    ),
  )
  const index = indexModel(model)
  let refused = 0
  await db().asOwner(async (client) => {
    for (const where of rules) {
      const check = toText(entityRuleToSql(thing!, { title: '', where }, index))
      const broken = await client.query(`select a, b, c, s, t from app.thing where (${check}) is false`)
      const expected = rows.filter((row) => truth(where, row) === false)
      expect(sorted(broken.rows), JSON.stringify(where)).toEqual(sorted(expected))
      refused += expected.length
    }
  })
  expect(refused).toBeGreaterThan(rules.length)
  expect(refused).toBeLessThan((rules.length * rows.length) / 2)
})

function sorted(list: readonly Row[]): readonly string[] {
  return list.map(({ a, b, c, s, t }) => JSON.stringify([a, b, c, s, t])).sort()
}

/** What is said in words: whatever is compared with a missing value is unknown; `and`, `or` and `not` of Kleene. */
function truth(condition: Condition, row: Row): boolean | null {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.all.map((each) => truth(each, row))
      return parts.includes(false) ? false : parts.includes(null) ? null : true
    }
    case 'or': {
      const parts = condition.any.map((each) => truth(each, row))
      return parts.includes(true) ? true : parts.includes(null) ? null : false
    }
    case 'not': {
      const inner = truth(condition.not, row)
      return inner === null ? null : !inner
    }
    case 'compare': {
      const { op, to } = condition
      const left = row[condition.on] ?? null
      if (to.kind === 'value' && to.value === null) return (left === null) === (op === 'is')
      const right = to.kind === 'row' ? row[to.name]! : to.kind === 'value' ? to.value : null
      if (left === null || (to.kind !== 'list' && right === null)) return null
      if (to.kind === 'list') return to.values.includes(left) === (op === 'in')
      return decisions[op]!(left, right as string | number)
    }
    case 'path':
    case 'many':
    case 'may':
    case 'fact':
      throw new Error('a row looks at itself alone')
  }
}

const decisions: Readonly<Partial<Record<Operator, (left: string | number, right: string | number) => boolean>>> = {
  is: (left, right) => left === right,
  isNot: (left, right) => left !== right,
  under: (left, right) => left < right,
  atMost: (left, right) => left <= right,
  over: (left, right) => left > right,
  atLeast: (left, right) => left >= right,
  startsWith: (left, right) => String(left).startsWith(String(right)),
  contains: (left, right) => String(left).includes(String(right)),
  endsWith: (left, right) => String(left).endsWith(String(right)),
}
