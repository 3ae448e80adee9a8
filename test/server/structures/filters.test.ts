import { beforeAll, expect, test } from 'vitest'
import { useDepot } from './depot.ts'

const depot = useDepot()

beforeAll(async () => {
  const items = [
    { name: 'ab', tags: ['a', 'b'], colours: ['red'], prices: ['1.00', '2.50'], days: ['2026-01-01'], thumb: 'AP8K' },
    { name: 'b', tags: ['b'], colours: ['red', 'dark_blue'], stock: { hall: 1, yard: 0 }, thumb: '' },
    { name: 'none', tags: [] },
    { name: 'open', tags: ['open'], colours: ['red', 'dark_blue'], steps: [] },
    { name: 'made', tags: [], colours: ['red'], origin: { street: 'x' } },
    {
      ...{
        name: 'parts',
        tags: ['c'],
        colours: ['red'],
        origin: { street: '100% Main', zip: '10115', floors: [1, 2] },
      },
      steps: [
        { on: '2026-02-01', cost: '2.50', colour: 'dark_blue' },
        { on: '2026-03-01', cost: '10.00' },
      ],
      details: {
        ...{
          limit: '99.50',
          at: '2026-01-01T10:00:00+02:00',
          from: '08:00',
          big: '9007199254740993',
          ratio: 0.5,
          count: 3,
          ready: true,
          seal: 'AP8=',
        },
        ...{ inner: { places: [{ street: 'in' }] }, notes: { a: 1 } },
      },
    },
  ]
  for (const item of items) expect((await depot().create(item, 'id')).errors).toEqual([])
})

const mine = { name: { notEqualTo: 'Crate' } }

const found: readonly (readonly [filter: object, names: readonly string[]])[] = [
  [{ tags: { anyEqualTo: 'b' } }, ['ab', 'b']],
  [{ tags: { contains: ['a', 'b'] } }, ['ab']],
  [{ tags: { overlaps: ['a', 'open'] } }, ['ab', 'open']],
  [{ tags: { containedBy: ['b'] } }, ['b', 'made', 'none']],
  [{ tags: { equalTo: [] } }, ['made', 'none']],
  [{ tags: { anyEqualTo: "a'; drop table app.item; --" } }, []],
  [{ tags: { contains: ['{a,b}', '"', '\\', ','] } }, []],
  [{ colours: { anyEqualTo: 'dark_blue' } }, ['b', 'open']],
  [{ colours: { isNull: true } }, ['none']],
  [{ prices: { anyEqualTo: '2.5' } }, ['ab']],
  [{ prices: { anyGreaterThan: '2.49' } }, ['ab']],
  [{ days: { anyLessThan: '2026-01-02' } }, ['ab']],
  [{ stock: { containsKey: 'yard' } }, ['b']],
  [{ stock: { contains: { hall: 1 } } }, ['b']],
  [{ stock: { containsAnyKeys: ['yard', "'"] } }, ['b']],
  // Binary data by what is equal.
  [{ thumb: { equalTo: 'AP8K' } }, ['ab']],
  [{ thumb: { equalTo: '' } }, ['b']],
  [{ thumb: { in: ['AP8K', '', 'AAAA'] } }, ['ab', 'b']],
  [{ thumb: { notEqualTo: 'AP8K' } }, ['b']],
  [{ thumb: { notIn: ['AP8K'] } }, ['b']],
  [{ thumb: { distinctFrom: 'AP8K', isNull: true } }, ['made', 'none', 'open', 'parts']],
  [{ thumb: { notDistinctFrom: 'AP8K' } }, ['ab']],
  // Longer than any that is held.
  [{ thumb: { equalTo: 'A'.repeat(4_000) } }, []],
  // Shapes by their parts.
  [{ origin: { isNull: false } }, ['made', 'parts']],
  [{ origin: { street: { startsWith: '100%' }, zip: { in: ['10115'] } } }, ['parts']],
  [{ origin: { zip: { isNull: true }, isNull: false } }, ['made']],
  [{ origin: { street: { equalToInsensitive: 'X' } } }, ['made']],
  [{ not: { origin: { street: { equalTo: 'x' } } }, origin: { isNull: false } }, ['parts']],
  [{ origin: {} }, ['ab', 'b', 'made', 'none', 'open', 'parts']],
  [{ details: { limit: { greaterThan: '99.49' }, count: { equalTo: 3 }, ready: { equalTo: true } } }, ['parts']],
  [{ details: { at: { equalTo: '2026-01-01T08:00:00Z' }, from: { lessThan: '08:01' } } }, ['parts']],
  [{ details: { big: { equalTo: '9007199254740993' }, ratio: { lessThan: 1 } } }, ['parts']],
  [{ details: { big: { equalTo: '9007199254740992' } } }, []],
  [{ details: { seal: { equalTo: 'AP8=' } } }, ['parts']],
  [{ details: { seal: { in: ['AP8K', ''] } } }, []],
  [{ details: { notes: { containsKey: 'a' } } }, ['parts']],
  [{ details: { inner: { places: { some: { street: { equalTo: 'in' } } } } } }, ['parts']],
  [{ details: { inner: { isNull: true } } }, ['ab', 'b', 'made', 'none', 'open']],
  // Lists of shapes by their elements.
  [{ steps: { some: { cost: { greaterThan: '9' } } } }, ['parts']],
  [{ steps: { some: { cost: { greaterThan: '9' }, colour: { equalTo: 'dark_blue' } } } }, []],
  [{ steps: { some: { on: { lessThan: '2026-02-02' }, colour: { equalTo: 'dark_blue' } } } }, ['parts']],
  [{ steps: { every: { cost: { greaterThan: '2' } } } }, ['ab', 'b', 'made', 'none', 'open', 'parts']],
  [{ steps: { every: { colour: { isNull: false } } } }, ['ab', 'b', 'made', 'none', 'open']],
  [{ steps: { none: {} } }, ['ab', 'b', 'made', 'none', 'open']],
  [{ steps: { some: {} } }, ['parts']],
  [{ or: [{ steps: { some: { cost: { equalTo: '2.5' } } } }, { name: { equalTo: 'ab' } }] }, ['ab', 'parts']],
]

test.each(found)('%j finds what it says', async (filter, names) => {
  const query = 'query ($filter: ItemFilter) { items(filter: $filter, orderBy: NAME_ASC) { nodes { name } } }'
  const { data, errors } = await depot().ask(query, { filter: { and: [mine, filter] } })
  expect(errors).toEqual([])
  const { nodes } = (data as { items: { nodes: readonly { name: string }[] } }).items
  expect(nodes.map(({ name }) => name)).toEqual(names)
})

test.each([
  { tags: { contains: [null] } },
  { tags: { anyEqualTo: 1 } },
  { tags: { contains: [['a']] } },
  { colours: { contains: ['green'] } },
  { prices: { anyEqualTo: 'NaN' } },
  { tags: { contains: ['\0'] } },
  { stock: { contains: { a: '\0' } } },
  { origin: null },
  { origin: { isNull: null } },
  { origin: { street: null } },
  { origin: { street: { equalTo: null } } },
  { steps: { some: null } },
  { steps: { some: { cost: { equalTo: 'NaN' } } } },
  { thumb: { equalTo: null } },
  { thumb: { equalTo: 'AP8' } },
  { thumb: { equalTo: 'a-_=' } },
  { thumb: { equalTo: '\\x00ff0a' } },
  { thumb: { in: ['AP8K', 'no'] } },
  { thumb: { lessThan: 'AP8K' } },
  { details: { seal: { equalTo: 'AP9=' } } },
  { prints: { contains: ['AA=='] } },
])('%j is refused', async (filter) => {
  const query = 'query ($filter: ItemFilter) { items(filter: $filter) { nodes { name } } }'
  const { errors } = await depot().ask(query, { filter })
  expect(errors?.[0]?.extensions?.code).toBe('VALIDATION')
})

test('conditions on lists decide what a caller sees', async () => {
  const names = async (claims: Readonly<Record<string, string>>) => {
    const { data } = await depot().read('{ items(orderBy: NAME_ASC) { nodes { name } } }', claims)
    return (data as { items: { nodes: readonly { name: string }[] } }).items.nodes.map(({ name }) => name)
  }
  expect(await names({ tag: 'b' })).toEqual(['ab', 'b'])
  expect(await names({ tag: 'nothing' })).toEqual([])
  // In the shade, red besides, without steps and origin.
  expect(await names({ shade: 'dark-blue' })).toEqual(['b', 'open'])
  expect(await names({ shade: 'red' })).toEqual(['ab', 'b', 'open'])
  expect(await names({})).toEqual([])
})
