import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { toText } from '#base'
import { buildCatalog } from '#migrations'
import {
  beyond,
  type Caller,
  computedAt,
  computedValue,
  conditionToSql,
  digits,
  exact,
  holds,
  indexModel,
  type Known,
  loadModel,
  namedRow,
  nobody,
  type Row,
  statementActor,
  type World,
} from '#policies'
import type { Computed, Condition } from '#schema'
import { useDatabase } from '../support/database.ts'
import { notShown } from '../support/model.ts'
import { conditions, expressions, type Kind, otherTypes, typesOf } from './generate.ts'

const db = useDatabase()
const { model } = await loadModel('test/fixtures/apps/baskets')
const index = indexModel(model)
const seed = 1865
const kinds: readonly Kind[] = ['int', 'decimal', 'money', 'text', 'boolean', 'date', 'datetime']
const tenant = id(900)

function id(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

const sample = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number): readonly T[] => fc.sample(arbitrary, { numRuns, seed })
const maybe = <T>(...values: readonly T[]) => fc.constantFrom<T | null>(null, ...values)
const of = <T>(...values: readonly T[]) => fc.constantFrom(...values)
// The last values of each are as far out as callers can store them.
const amounts = ['0.00', '10.50', '-3.25', '20.01', '0.01', '99999999999999999.99', '-99999999999999999.99']
const cents = ['0.00', '10.50', '-3.25', '92233720368547758.07', '-92233720368547758.08']
const instants = [
  '2026-01-31T23:30:00.000Z',
  '2026-03-08T07:00:00.123Z',
  '2024-12-30T04:59:59.999Z',
  '9999-12-31T23:59:59.999Z',
]
const days = ['2026-01-31', '2024-02-29', '2025-12-29', '9999-12-31', '0001-01-01']
const texts = ['', 'a', 'Ab', "o'b", '😀z', '%_\\']
// A removed row is seen by no formula.
const gone = '2026-01-01T00:00:00.000Z'
const deletedAt = fc.constantFrom(null, null, null, gone)

function rowsOf(from: number, count: number, shape: Record<string, fc.Arbitrary<Row[string]>>): readonly Row[] {
  return sample(fc.record({ ...shape, deletedAt }), count).map((row, at) => ({ ...row, id: id(from + at) }) as Row)
}

const keepers = rowsOf(100, 4, { name: of(...texts), level: maybe(0, 1, 7), limit: maybe(...amounts) })
const keeperIds = keepers.map((each) => each.id as string)
const baskets = rowsOf(200, 24, {
  name: of(...texts),
  title: maybe(...texts),
  count: of(0, 1, -2, 3, 2147483647, -2147483648),
  size: maybe(0, 1, -2, 7, 2147483647),
  big: fc.constant(null),
  weight: maybe('0.000', '1.250', '-0.001', '999999999.999'),
  cost: maybe(...amounts),
  cents: of(...cents),
  openedOn: maybe(...days),
  dueOn: of(...days),
  openedAt: maybe(...instants),
  closedAt: of(...instants),
  isOpen: maybe(true, false),
  mood: maybe('good', 'bad'),
  zone: of('UTC', 'Asia/Tokyo', 'America/New_York'),
  wait: maybe(0, 90, -2147483648),
  keeper: maybe(...keeperIds),
})
const basketIds = baskets.map((each) => each.id as string)
const entries = rowsOf(300, 60, {
  quantity: of(0, 1, 2, -3, 2147483647),
  price: of(...amounts),
  rate: maybe('0.00', '0.50', '-1.25', '9999999.99'),
  label: maybe(...texts),
  madeOn: maybe(...days),
  basket: of(...basketIds.slice(0, 18)),
  keeper: maybe(...keeperIds),
})
const tags = rowsOf(400, 5, { name: of(...texts), weight: maybe(0, 1, 5) })
const memos = basketIds.slice(0, 12).map(
  (basket, at): Row => ({
    id: id(500 + at),
    basket,
    body: texts[at % 6]!,
    madeAt: instants[at % 3]!,
    deletedAt: at % 5 === 0 ? gone : null,
  }),
)
const links = basketIds.flatMap((basket, at): readonly Row[] =>
  tags
    .filter((_, tag) => (at + tag) % 3 === 0)
    .map((tag, nth) => ({
      id: id(600 + at * 10 + nth),
      basket,
      tag: tag.id!,
      deletedAt: (at + nth) % 7 === 0 ? gone : null,
    })),
)

const given: Readonly<Record<string, readonly Row[]>> = {
  Keeper: keepers,
  Basket: baskets,
  Entry: entries,
  Tag: tags,
  Memo: memos,
  BasketTagLink: links,
}

beforeAll(async () => {
  await db().applyCatalog(buildCatalog(model))
  await db().asOwner(async (client) => {
    await client.query('insert into rowhouse.tenant (id, slug, name) values ($1, $2, $2)', [tenant, 'acme'])
    for (const [entity, rows] of Object.entries(given)) {
      const { table } = model.entities.find(({ name }) => name === entity)!
      const query = `insert into app.${table} select * from jsonb_populate_recordset(null::app.${table}, $1)`
      await client.query(query, [JSON.stringify(rows.map(columnsOf))])
    }
  })
})

/** `openedOn` → `opened_on`; links get `_id`, cents are whole numbers. */
function columnsOf(row: Row): object {
  const columns = Object.entries(row).map(([name, value]) => {
    const column = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    if (name === 'cents') return [column, String(value as string).replace('.', '')]
    return [['keeper', 'basket', 'tag'].includes(name) ? `${column}_id` : column, value]
  })
  const at = '2026-01-01T00:00:00Z'
  const rest = { tenant_id: tenant, created_at: at, updated_at: at }
  return { ...Object.fromEntries(columns), ...rest }
}

/** Text of a value, as Postgres would write it. */
function written(value: Known): string | null {
  if (value === null || value === beyond) return null
  return typeof value === 'object' && 'scale' in value ? digits(value) : String(value as boolean)
}

function asText(sqlText: string, kind: Kind): string {
  if (kind === 'datetime') return `to_char((${sqlText}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
  return kind === 'date' || kind === 'boolean' || kind === 'text'
    ? `(${sqlText})::text`
    : `trim_scale((${sqlText})::numeric)::text`
}

const caller: Caller = { ...nobody, tenant }

async function worldNow(): Promise<World> {
  const { rows } = await db().migrator.query<{ now: Date }>('select now()')
  return { index, rows: given, now: rows[0]!.now.toISOString() }
}

function scopeOf(entity: string) {
  const row = namedRow('t0')
  return {
    index,
    entity: index.entities.get(entity)!,
    row,
    actor: statementActor,
    related: 'inline',
    depth: 0,
  } as const
}

/** What Postgres gives for each row of the entity, in order of the id; or why it fails. */
async function answers(entity: string, text: string): Promise<readonly (string | null)[] | string> {
  const { table } = index.entities.get(entity)!
  try {
    return await db().asOwner(async (client) => {
      const { rows } = await client.query<{ v: string | null }>(
        `select ${text} as v from app.${table} t0 order by t0.id`,
      )
      return rows.map(({ v }) => v)
    })
  } catch (error) {
    return String(error)
  }
}

describe.each(['Basket', 'Entry'])('formulas of %s mean in Postgres what they mean in words', (entity) => {
  test.each(kinds)('%s', async (kind) => {
    const world = await worldNow()
    const placed = given[entity]!.map((row) => ({ world, caller, entity, row }))
    const wrong: unknown[] = []
    const seen = new Set<string | null>()
    for (const expression of sample(expressions(kind, entity), entity === 'Basket' ? 50 : 15)) {
      const isOther = otherTypes[kind] !== undefined && seen.size % 2 === 1
      const type = isOther ? otherTypes[kind]! : typesOf[kind]
      const computed: Computed = {
        ...notShown,
        name: 'x',
        type,
        optional: true,
        stored: false,
        expression,
      }
      const meant = placed.map((each) => written(computedAt(computed, each)))
      const value = toText(computedValue(computed, scopeOf(entity), conditionToSql))
      const text = kind === 'money' && isOther ? `(${value}) * 0.01` : value
      const found = await answers(entity, asText(text, kind))
      if (JSON.stringify(found) !== JSON.stringify(meant))
        wrong.push({ expression: JSON.stringify(expression), found, meant })
      for (const each of meant) seen.add(each)
    }
    expect(wrong.slice(0, 3)).toEqual([])
    // The sample is not all nulls.
    expect(seen.size).toBeGreaterThan(kind === 'boolean' ? 1 : 4)
  })
})

test.each(['Basket', 'Entry'])('conditions of %s that name computed fields agree', async (entity) => {
  const world = await worldNow()
  const rows = given[entity]!
  const wrong: unknown[] = []
  let holding = 0
  for (const condition of sample(conditions(entity, 3), 80)) {
    const meant = rows.map((row) => String(holds(condition, { world, entity, row, caller })))
    const found = await answers(
      entity,
      `((${toText(conditionToSql(condition as Condition, scopeOf(entity)))}) is true)::text`,
    )
    if (JSON.stringify(found) !== JSON.stringify(meant))
      wrong.push({ condition: JSON.stringify(condition), found, meant })
    holding += meant.filter((each) => each === 'true').length
  }
  expect(wrong.slice(0, 3)).toEqual([])
  expect(holding).toBeGreaterThan(80)
  expect(holding).toBeLessThan(80 * rows.length)
})

test('the evaluator itself: halves go away from zero, divisions keep twenty digits', async () => {
  const world = await worldNow()
  const row = { world, caller, entity: 'Basket', row: given.Basket![0]! }
  const number = (value: string) => ({ kind: 'literal', of: 'number', value }) as const
  const of2 = (value: string): Known =>
    computedAt(
      { ...notShown, name: 'x', type: typesOf.money, optional: true, stored: false, expression: number(value) },
      row,
    )
  expect(['0.005', '-0.005', '0.0049', '2'].map((each) => written(of2(each)))).toEqual(['0.01', '-0.01', '0', '2'])
  expect(digits(exact('-12.50'))).toBe('-12.5')
})
