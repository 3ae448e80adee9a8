import { beforeAll, expect, test } from 'vitest'
import { useDepot } from './depot.ts'

const depot = useDepot()

beforeAll(async () => {
  const items = [
    { name: 'ab', tags: ['a', 'b'], colours: ['red'], prices: ['1.00', '2.50'], days: ['2026-01-01'] },
    { name: 'b', tags: ['b'], colours: ['red', 'dark_blue'], stock: { hall: 1, yard: 0 } },
    { name: 'none', tags: [] },
    { name: 'open', tags: ['open'], colours: ['red', 'dark_blue'], steps: [] },
    { name: 'made', tags: [], colours: ['red'], origin: { street: 'x' } },
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
  { origin: { isNull: true } },
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
