import { expect, test } from 'vitest'
import { printSdl } from '../../server/graphql/print-sdl.ts'
import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly, modelOf } from '../schema/written-app.ts'

const files = entitiesOnly(`export const Person = entity('Person', {
  pii: true, label: 'Contact', fields: { name: string({ ui: { order: 1, widget: 'name' } }), born: date({ optional: true, label: 'Date of birth' }) },
})
export const Old = entity('Old', { deprecated: 'use Order', ui: { icon: 'box' }, fields: { n: int() } })
export const Order = entity('Order', {
  fields: {
    notes: text({ optional: true }), comments: text({ optional: true, deprecated: 'use "notes"', pii: true }),
    kind: choice({ a: 'A', b: { label: 'B', deprecated: 'is A now' } }),
  },
  relations: {
    buyer: one('Person', { optional: true }), owner: one('Person', { optional: true, deprecated: 'use buyer', label: 'Owner' }),
    lines: many('Item', { by: 'order', deprecated: 'none are made' }), old: one('Old', { optional: true }),
  },
  lifecycle: { initial: 'open', states: { open: 'Open', lost: { label: 'Lost', deprecated: 'close it' } }, transitions: { lose: { from: 'open', to: 'lost' } } },
})
export const Item = entity('Item', { fields: {}, relations: { order: one('Order') } })`)

test('what interfaces show is kept in the model', async () => {
  const model = await modelOf(files)
  const [, old, order, , person] = model.entities
  expect(person!.label).toBe('Contact')
  expect(person!.fields.map(({ name, pii, label, ui }) => [name, pii, label, ui]).slice(0, 3)).toEqual([
    ['name', true, null, { order: 1, widget: 'name' }],
    ['born', true, 'Date of birth', null],
    ['id', false, null, null],
  ])
  expect(order!.fields.filter(({ pii }) => pii).map(({ name }) => name)).toEqual(['comments'])
  expect(order!.relations.find(({ name }) => name === 'owner')?.label).toBe('Owner')
  expect(old).toMatchObject({ deprecated: 'use Order', ui: { icon: 'box' } })
})

test('GraphQL is told what is deprecated: fields, inputs, relations, values, lists and mutations', async () => {
  const sdl = printSdl(await modelOf(files))
  const lines = sdl.split('\n').filter((line) => line.includes('@deprecated'))
  const told = new Set(
    lines.map((line) =>
      line
        .trim()
        .replace(/[(:].*@deprecated/, ' @deprecated')
        .replace(/^(\w+) @/, '$1 @'),
    ),
  )
  expect([...told].sort((a, b) => (a < b ? -1 : 1))).toMatchSnapshot()
})

const of = (fields: string, more = ''): string => `export const A = entity('A', { fields: { ${fields} } ${more} })`

const mistakes: readonly Mistake[] = [
  [
    'a field that every row needs',
    [['DEPRECATED_NEEDED', "'gone'"]],
    of("n: int({ deprecated: 'gone' }), m: int({ deprecated: 'gone', default: 1 })"),
  ],
  [
    'a relation that every row needs',
    [
      ['RELATION_REQUIRED_CIRCLE', 'a'],
      ['DEPRECATED_NEEDED', "'gone'"],
    ],
    of('', ", relations: { a: one('A', { deprecated: 'gone' }) }"),
  ],
  [
    'a default that is deprecated',
    [['DEPRECATED_NEEDED', "'b'"]],
    of("c: choice({ a: 'A', b: { label: 'B', deprecated: 'gone' } }, { default: 'b' })"),
  ],
  [
    'a first state that is deprecated',
    [['DEPRECATED_NEEDED', "'a'"]],
    of('', ", lifecycle: { initial: 'a', states: { a: { deprecated: 'gone' } }, transitions: {} }"),
  ],
  ['hints that are no data', [['OPTION_INVALID', '[1]']], of('n: int({ ui: [1] })')],
  ['nothing said', [['TEXT_INVALID', "''"]], of("n: int({ label: '' })")],
]

testMistakes('types that GraphQL has for Postgres', entitiesOnly, [
  ['a line', [['NAME_RESERVED', "'Line'"]], "export const A = entity('Line', { fields: {} })"],
  ['a point', [['NAME_RESERVED', "'Point'"]], "export const A = entity('Point', { fields: {} })"],
])

testMistakes('what interfaces show', entitiesOnly, mistakes)
