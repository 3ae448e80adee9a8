import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'
import { expectCatalogHeld } from '../support/catalog-read-back.ts'
import { globex, useWrittenServer } from './written-server.ts'

const app = useWrittenServer(
  entitiesOnly(`export const Seat = entity('Seat', {
  fields: {
    hall: string(), row: int({ optional: true }), place: int({ optional: true }), badge: string({ optional: true }),
    kind: choice(['plain', 'box'], { default: 'plain' }), sold: datetime({ default: 'now' }), notes: text({ default: '-' }), serial: int({ default: 0 }),
  },
  unique: [
    { on: ['hall', 'row', 'place'], nulls: 'equal' },
    { on: ['badge'], removed: 'counted' },
    { on: ['serial'], where: { kind: 'box' } },
  ],
  indexes: [
    { on: ['hall', '-row'], include: ['place', 'kind'], where: { row: { over: 3 } } },
    { on: ['hall'], using: 'hash' }, { on: ['sold'], using: 'brin' }, { on: ['notes', 'badge'], using: 'trigram' },
    { on: ['hall'] },
  ],
})`),
)

const create = 'mutation ($seat: SeatInput!) { createSeat(input: { seat: $seat }) { id } }'
async function make(seat: object, tenant?: string) {
  const { data, errors } = await app().ask(create, { seat }, tenant === undefined ? {} : { tenant })
  return errors.length === 0 ? (data.createSeat.id as string) : errors[0]!.extensions
}

test('rows without a value are alike where the author says so, per tenant', async () => {
  expect(await make({ hall: 'a', row: 1 })).toEqual(expect.any(String))
  const fields = ['hall', 'row', 'place']
  expect(await make({ hall: 'a', row: 1 })).toEqual({ code: 'CONFLICT', fields })
  expect(await make({ hall: 'a', row: 1 }, globex)).toEqual(expect.any(String))
  expect(await make({ hall: 'a', row: 1, place: 1 })).toEqual(expect.any(String))
})

test('a removed row keeps its value where it counts', async () => {
  const id = await make({ hall: 'b', badge: 'x' })
  const removed = await app().ask('mutation ($id: UUID!) { removeSeat(input: { id: $id }) { id } }', { id })
  expect(removed.errors).toEqual([])
  expect(await make({ hall: 'c', badge: 'x' })).toEqual({ code: 'CONFLICT', fields: ['badge'] })
  // The other unique ignores it.
  expect(await make({ hall: 'b' })).toEqual(expect.any(String))
})

test('only rows of which the condition holds clash', async () => {
  expect(await make({ hall: 'd', serial: 1 })).toEqual(expect.any(String))
  expect(await make({ hall: 'e', serial: 1, kind: 'box' })).toEqual(expect.any(String))
  expect(await make({ hall: 'f', serial: 1, kind: 'box' })).toEqual({ code: 'CONFLICT', fields: ['serial'] })
})

test('each kind of index is made, and told when it is another', async () => {
  const { rows } = await app().database.migrator.query(
    `select pg_get_indexdef(indexrelid) as text from pg_index where indrelid = 'app.seat'::regclass order by 1`,
  )
  const texts = rows.map(({ text }) => text.replace(/^CREATE (UNIQUE )?INDEX \S+ ON app.seat /, '$1'))
  expect(texts.toSorted((a, b) => (a < b ? -1 : 1))).toMatchSnapshot()
  const { model, database } = app()
  const catalog = buildCatalog(model)
  const { differences } = await expectCatalogHeld(database, catalog)
  await database.asRole(database.names.owner, async (client) => {
    await client.query(
      'drop index app.seat_sold_idx; create index seat_sold_idx on app.seat (sold) where deleted_at is null',
    )
    await client.query(
      'drop index app.seat_hall_row_place_key; create unique index seat_hall_row_place_key on app.seat (tenant_id, hall, "row", place) where deleted_at is null',
    )
    await client.query(
      'drop index app.seat_hall_row_idx; create index seat_hall_row_idx on app.seat (tenant_id, hall, "row" desc) include (place) where deleted_at is null and "row" > 3',
    )
  })
  expect(await differences()).toEqual([
    'index app.seat seat_hall_row_idx: include should be "place, kind", but is "place"',
    'index app.seat seat_hall_row_place_key: nulls should be "not distinct", but is null',
    'index app.seat seat_sold_idx: using should be "brin", but is null',
  ])
})

const of = (fields: string, more: string): string => `export const A = entity('A', { fields: { ${fields} }, ${more} })`

const mistakes: readonly Mistake[] = [
  [
    'trigrams of a number',
    [['INDEX_USING_INVALID', "'trigram'"]],
    of('n: int()', "indexes: [{ on: ['n'], using: 'trigram' }]"),
  ],
  [
    'blocks of texts',
    [['INDEX_USING_INVALID', "'brin'"]],
    of('s: string()', "indexes: [{ on: ['s'], using: 'brin' }]"),
  ],
  [
    'gin of a text',
    [['INDEX_USING_INVALID', "'gin'"]],
    of('s: string({ index: true })', "indexes: [{ on: ['s'], using: 'gin' }]"),
  ],
  ['gist of a number', [['INDEX_USING_INVALID', "'gist'"]], of('n: int()', "indexes: [{ on: ['n'], using: 'gist' }]")],
  [
    'hash of two',
    [['INDEX_USING_INVALID', "'hash'"]],
    of('n: int(), m: int()', "indexes: [{ on: ['n', 'm'], using: 'hash' }]"),
  ],
  [
    'an order of blocks',
    [['INDEX_USING_INVALID', "'brin'"]],
    of('n: int()', "indexes: [{ on: ['-n'], using: 'brin' }]"),
  ],
  ['an unknown method', [['OPTION_INVALID', "'btre'"]], of('n: int()', "indexes: [{ on: ['n'], using: 'btre' }]")],
  [
    'what is carried along',
    [
      ['INDEX_INCLUDE_INVALID', "'n'"],
      ['INDEX_INCLUDE_INVALID', "'k'"],
      ['INDEX_INCLUDE_INVALID', "'m'"],
    ],
    of('n: int(), m: int()', "indexes: [{ on: ['n'], include: ['n', 'k', 'm', 'm'] }]"),
  ],
  [
    'carried by hash',
    [['INDEX_INCLUDE_INVALID', "['m']"]],
    of('n: int(), m: int()', "indexes: [{ on: ['n'], using: 'hash', include: ['m'] }]"),
  ],
  [
    'nulls that are not',
    [['UNIQUE_NULLS_MEANINGLESS', "'equal'"]],
    of('n: int()', "unique: [{ on: ['n'], nulls: 'equal' }]"),
  ],
  [
    'unknown words',
    [
      ['OPTION_INVALID', "'same'"],
      ['NAME_UNKNOWN', "'k'"],
      ['OPTION_UNKNOWN', 'nuls'],
    ],
    of('n: int()', "unique: [{ on: ['n'], nulls: 'same' }, { on: ['k'], nuls: 'equal' }]"),
  ],
  [
    'a choice by an operator',
    [['RULE_EXPRESSION_REFUSED', 'true ? 1 : 2']],
    of('n: int()', "unique: [{ on: ['n'], where: { n: true ? 1 : 2 } }]"),
  ],
]

testMistakes('uniques and indexes', entitiesOnly, mistakes)
