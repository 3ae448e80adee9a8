import fc from 'fast-check'
import type pg from 'pg'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { type Caller, decide, indexModel, type Row, type World } from '#policies'
import type { Condition, Rule } from '#schema'
import { useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'

const db = useDatabase()

const seed = 7
const entityCount = 20
const fields = ['a', 'b', 'c'] as const
const tenant = id(1)

function id(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

const value = fc.constantFrom(null, 0, 1, 2)
const leaf: fc.Arbitrary<Condition> = fc
  .record({
    on: fc.constantFrom(...fields),
    op: fc.constantFrom('is', 'isNot', 'atMost', 'over'),
    to: fc.constantFrom(0, 1, 2),
  } as const)
  .map((each) => m.compare(each.on, each.op, each.to))
const condition = fc.oneof(
  leaf,
  leaf.map(m.not),
  fc.tuple(leaf, leaf).map((each) => m.any(...each)),
)
const updateRule = fc.record({
  where: fc.option(condition, { nil: null }),
  becoming: fc.oneof(fc.constant(null), fc.constant('anything' as const), condition),
  fields: fc.option(fc.subarray([...fields], { minLength: 1 }), { nil: null }),
})
const createRule = fc.record({
  where: fc.option(condition, { nil: null }),
  fields: fc.option(fc.subarray([...fields], { minLength: 1 }), { nil: null }),
})

const entities = fc.sample(
  fc.record({
    updates: fc.array(updateRule, { minLength: 1, maxLength: 3 }),
    creates: fc.array(createRule, { minLength: 1, maxLength: 3 }),
  }),
  { numRuns: entityCount, seed },
)

const rulesOf = (at: number): readonly Rule[] => [
  m.allow('reading', 'signedIn', ['read']),
  ...entities[at]!.updates.map((each, n) => m.allow(`update ${n}`, 'signedIn', ['update'], each)),
  ...entities[at]!.creates.map((each, n) => m.allow(`create ${n}`, 'signedIn', ['create'], each)),
]

const defaults: Row = { a: null, b: 0, c: 1 }

const model = m.makeModel({
  entities: Object.fromEntries(
    entities.map((_, at) => [
      `Thing${at}`,
      {
        fields: Object.fromEntries(
          fields.map((name) => [
            name,
            m.optional(
              defaults[name] === null ? m.int() : { ...m.int(), default: { kind: 'value', value: defaults[name]! } },
            ),
          ]),
        ),
      },
    ]),
  ),
  policies: Object.fromEntries(entities.map((_, at) => [`Thing${at}`, rulesOf(at)])),
})

const changes = fc
  .sample(
    fc.record({
      before: fc.record({ a: value, b: value, c: value }),
      given: fc.record({ a: value, b: value, c: value }, { requiredKeys: [] }),
    }),
    { numRuns: 60, seed },
  )
  .filter((each) => Object.keys(each.given).length > 0)

const world: World = { index: indexModel(model), rows: {}, now: new Date().toISOString() }
const caller: Caller = { id: id(2), roles: [], tenant, claims: {}, request: {} }

/** One single rule must allow the old row, the new row and every changed field. */
function mayUpdate(at: number, before: Row, after: Row): boolean {
  return decide({ verb: 'update', entity: `Thing${at}`, row: before, after, caller, world }).allowed
}

function mayCreate(at: number, row: Row): boolean {
  return decide({ verb: 'create', entity: `Thing${at}`, row, caller, world }).allowed
}

/** Columns granted to nobody are refused by name, even when they would not change. */
function granted(rules: readonly { readonly fields: readonly string[] | null }[], names: readonly string[]): boolean {
  return names.every((name) => rules.some((rule) => rule.fields === null || rule.fields.includes(name)))
}

beforeAll(async () => {
  await db().applyCatalog(buildCatalog(model))
  await db().asOwner((client) =>
    client.query(`insert into rowhouse.tenant (id, slug, name) values ($1, 'a', 'a')`, [tenant]),
  )
})

beforeEach(async () => {
  await db().asOwner((client) => client.query(`truncate ${entities.map((_, at) => `app.thing${at}`).join(', ')}`))
})

const as = { roles: [], tenant, actor: id(2) }

/** Whether the caller can do it; undone in any case. */
async function attempt(client: pg.Client, text: string, values: readonly unknown[]): Promise<boolean> {
  await client.query('savepoint here')
  try {
    return (await client.query(text, [...values])).rowCount === 1
  } catch (error) {
    expect(error).toMatchObject({ code: '42501' })
    return false
  } finally {
    await client.query('rollback to savepoint here')
  }
}

describe('one single rule must allow a change whole', () => {
  test.each(entities.map((_, at) => at))('updates, rules %i', async (at) => {
    await db().asOwner(async (client) => {
      for (const [n, { before }] of changes.entries()) {
        await client.query(`insert into app.thing${at} (tenant_id, id, a, b, c) values ($1, $2, $3, $4, $5)`, [
          tenant,
          id(100 + n),
          before.a,
          before.b,
          before.c,
        ])
      }
    })
    await db().asActor(as, async (client) => {
      for (const [n, { before, given }] of changes.entries()) {
        const names = Object.keys(given)
        const expected = granted(entities[at]!.updates, names) && mayUpdate(at, before, { ...before, ...given })
        const text = `update app.thing${at} set ${names.map((name, k) => `${name} = $${k + 2}`).join(', ')} where id = $1`
        const words = JSON.stringify({ rules: entities[at]!.updates, before, given })
        expect(await attempt(client, text, [id(100 + n), ...Object.values(given)]), words).toBe(expected)
      }
    })
  })

  test.each(entities.map((_, at) => at))('creates, rules %i', async (at) => {
    await db().asActor(as, async (client) => {
      for (const { given } of changes) {
        const names = Object.keys(given)
        const expected = granted(entities[at]!.creates, names) && mayCreate(at, { ...defaults, ...given })
        const text = `insert into app.thing${at} (${names.join(', ')}) values (${names.map((_, k) => `$${k + 1}`).join(', ')})`
        const words = JSON.stringify({ rules: entities[at]!.creates, given })
        expect(await attempt(client, text, Object.values(given)), words).toBe(expected)
      }
    })
  })
})
