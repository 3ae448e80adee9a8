import { expect, test } from 'vitest'
import { plainColumns, plainTexts } from '../../../server/graphql/mutations/plain-columns.ts'
import { int, makeModel, money, one, plain, text } from '../../support/model.ts'

test.each([
  [[], []],
  [
    ['a', '', null, 'ß😀'],
    ['a', '', null, 'ß😀'],
  ],
  [
    [true, false, 0, -0, -7, 1.5, 1e21],
    ['true', 'false', '0', '0', '-7', '1.5', '1e+21'],
  ],
  // Postgres refuses it in JSON, and would be sent another character.
  [['a', '\ud800'], null],
  [['a', { b: 1 }], null],
  [['a', ['b']], null],
  [['a', undefined], null],
])('%j are the texts %j', (values, texts) => {
  expect(plainTexts(values)).toEqual(texts)
})

test('columns of scalars take texts, those of structures and of types that were there before do not', () => {
  const { entities } = makeModel({
    entities: {
      Note: {
        fields: {
          title: text(),
          rank: int(),
          price: money({ minor: true }),
          at: plain('datetime'),
          spans: { type: { kind: 'period', of: 'date' } },
          tags: { type: { kind: 'list', of: { kind: 'date' }, min: null, max: null } },
        },
        relations: { parent: one('Note', { optional: true }) },
      },
    },
  })
  const byName = new Map(entities.map((entity) => [entity.name, entity]))
  const note = byName.get('Note')!
  expect([...plainColumns(note, byName)]).toEqual(['title', 'rank', 'price', 'at', 'parent_id'])
  const [title, ...others] = note.fields
  const adopted = { ...note, fields: [{ ...title!, columnType: 'character(3)' }, ...others] }
  expect(plainColumns(adopted, byName).has('title')).toBe(false)
})
