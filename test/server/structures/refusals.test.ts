import { expect, test } from 'vitest'
import { acme, sam, useDepot } from './depot.ts'

const depot = useDepot()

const place = { street: 'x' }
const details = { limit: '1' }

/** What is given, and what the answer says of it. */
const refused: readonly (readonly [item: object, field: string, message: RegExp])[] = [
  [{ tags: ['a', 'b', 'c', 'd'] }, 'tags', /^"tags" has more elements than "max" 3\.$/],
  [{ tags: [''] }, 'tags', /^"tags.0" is shorter than "min" 1\.$/],
  [{ tags: ['abcdefghijk'] }, 'tags', /^"tags.0" is longer than "max" 10\.$/],
  [{ tags: ['a', 'B'] }, 'tags', /^"tags.1" does not match the pattern of the field\.$/],
  [{ tags: ['a\0'] }, 'tags', /^"tags.0" holds a NUL character\.$/],
  [{ tags: ['\ud800'] }, 'tags', /^"tags.0" must be a text\.$/],
  [{ prices: [] }, 'prices', /^"prices" has fewer elements than "min" 1\.$/],
  [{ prices: ['1.001'] }, 'prices', /^"prices.0" must be digits with at most 2 behind the point/],
  [{ prices: ['1e30'] }, 'prices', /^"prices.0" has more than 19 digits in all\.$/],
  [{ measures: [-1] }, 'measures', /^"measures.0" is less than "min" 0\.$/],
  [{ serials: ['9223372036854775808'] }, 'serials', /^"serials.0" must be a whole number of 64 bits/],
  [{ prints: ['AAAA'] }, 'prints', /^"prints.0" is larger than "maxBytes" 2\.$/],
  [{ thumb: 'AAAAAAAAAAAA' }, 'thumb', /^"thumb" is larger than "maxBytes" 8\.$/],
  [{ target: { ...place, zip: '1234' } }, 'target', /^"target.zip" does not match/],
  [{ target: { ...place, floors: [1, 201] } }, 'target', /^"target.floors.1" is more than "max" 200\.$/],
  [{ target: { street: '\0' } }, 'target', /^"target.street" holds a NUL character\.$/],
  [{ steps: Array(6).fill({ on: '2026-01-01', cost: '1' }) }, 'steps', /^"steps" has more elements than "max" 5\.$/],
  [{ steps: [{ on: '2026-01-01', cost: '10000' }] }, 'steps', /^"steps.0.cost" has more than 6 digits in all\.$/],
  [{ steps: [{ on: '2026-01-01', cost: '1.234' }] }, 'steps', /^"steps.0.cost" must be digits with at most 2/],
  [{ details: { ...details, limit: '1000.01' } }, 'details', /^"details.limit" is more than "max" 1000\.$/],
  [
    { details: { ...details, big: '9223372036854775808' } },
    'details',
    /^"details.big" must be a whole number of 64 bits/,
  ],
  [{ details: { ...details, seal: 'AAAAAAAA' } }, 'details', /^"details.seal" is larger than "maxBytes" 4\.$/],
  [
    { details: { ...details, inner: { places: [place, place, place] } } },
    'details',
    /^"details.inner.places" has more/,
  ],
  [{ details: { ...details, notes: ['no object'] } }, 'details', /^"details.notes" must be an object\.$/],
  [{ extra: [] }, 'extra', /^"extra" must be an object\.$/],
  [{ extra: 'text' }, 'extra', /^"extra" must be an object\.$/],
  [{ extra: { a: 1, b: 2, c: 3, d: 4 } }, 'extra', /^"extra" has more keys than "max" 3\.$/],
  [{ extra: { a: '\0' } }, 'extra', /^"extra" holds a NUL character\.$/],
  [{ extra: { '\0': 1 } }, 'extra', /^"extra" holds a NUL character\.$/],
  [{ extra: { a: '\udc00' } }, 'extra', /^"extra" holds half of a surrogate pair\.$/],
  [{ extra: { a: 2 ** 53 } }, 'extra', /^"extra" holds a number that JSON cannot carry exactly/],
  [{ extra: { a: nested(32) } }, 'extra', /^"extra" is nested more than 32 levels deep\.$/],
  [{ stock: { hall: -1 } }, 'stock', /^"stock.hall" is less than "min" 0\.$/],
  [{ stock: { hall: 1.5 } }, 'stock', /^"stock.hall" must be a whole number\.$/],
  [{ stock: { hall: '1' } }, 'stock', /^"stock.hall" must be a whole number\.$/],
  [{ stock: { hall: null } }, 'stock', /^"stock.hall" must be a whole number\.$/],
]

function nested(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = { a: value }
  return value
}

test.each(refused)('%j is refused', async (item, field, message) => {
  const { data, errors } = await depot().create(item, 'id')
  expect(data ?? null).toMatchObject({ createItem: null })
  expect(errors).toHaveLength(1)
  expect(errors![0]!.extensions).toMatchObject({ code: 'VALIDATION', fields: [field] })
  expect(errors![0]!.message).toMatch(message)
})

/** Refused by GraphQL before anything runs. */
const mistyped: readonly object[] = [
  { tags: [null] },
  { tags: [['a']] },
  { tags: [1] },
  { tags: { 0: 'a' } },
  { colours: ['dark-blue'] },
  { prices: ['NaN'] },
  { prices: ['Infinity'] },
  { measures: ['1'] },
  { days: ['2026-02-30'] },
  { days: ['infinity'] },
  { instants: ['now'] },
  { thumb: 'aGk' },
  { thumb: 'aGl=' },
  { thumb: 'a-_=' },
  { thumb: 'aGk=\n' },
  { thumb: '\\x00' },
  { target: {} },
  { target: { street: null } },
  { target: { ...place, unknown: 1 } },
  { target: { ...place, __proto__x: 1 } },
  { target: 'x' },
  { target: [place, place] },
  { steps: [null] },
  { steps: [{ on: '2026-02-30', cost: '1' }] },
  { details: { ...details, ratio: 'NaN' } },
  { details: { ...details, count: 2147483648 } },
  { details: { ...details, other: 'x' } },
  { details: { ...details, at: '9999-12-31T23:59:59-15:00' } },
]

test.each(mistyped)('%j is refused by its type', async (item) => {
  const { data, errors } = await depot().create(item, 'id')
  expect(data ?? null).toBeNull()
  expect(errors![0]!.extensions).toMatchObject({ code: 'VALIDATION' })
  expect(errors![0]!.message).toMatch(new RegExp(`^"item.${Object.keys(item)[0]}`))
})

test('JSON in the text of a query is refused like that of variables', async () => {
  const make = (extra: string) => `mutation { createItem(input: { item: { name: "x", extra: ${extra} } }) { id } }`
  for (const extra of ['{ a: 1e400 }', '{ a: -1e400 }', '{ a: 90071992547409931 }', '[]', '"{}"', '{ a: "\\u0000" }']) {
    const { errors } = await depot().ask(make(extra))
    expect(errors?.[0]?.extensions, extra).toMatchObject({ code: 'VALIDATION', fields: ['extra'] })
  }
})

test.each([100, 4_000, 40_000])('JSON of %i levels is never a mistake of ours', async (levels) => {
  const make = 'mutation ($extra: JSON) { createItem(input: { item: { name: "x", extra: $extra } }) { id } }'
  const find = 'query ($extra: JSON) { items(filter: { extra: { contains: $extra } }) { nodes { id } } }'
  expect(await codesOf(make, levels)).toEqual([expect.stringMatching(/^(VALIDATION|LIMIT)$/)])
  for (const code of await codesOf(find, levels)) expect(code).toMatch(/^(VALIDATION|LIMIT)$/)
})

/** As text: `JSON.stringify` of this side is no deeper than that of the server. */
async function codesOf(query: string, levels: number): Promise<readonly string[]> {
  const { server } = depot()
  const token = await server.token({ sub: sam, tenant: acme, roles: ['keeper'] })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const extra = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
  const body = `{"query":${JSON.stringify(query)},"variables":{"extra":${extra}}}`
  const answer = await fetch(`${server.server.url}/graphql`, { method: 'POST', headers, body })
  const { errors = [] } = (await answer.json()) as { errors?: readonly { extensions: { code: string } }[] }
  return errors.map(({ extensions }) => extensions.code)
}

test('a huge list is refused by its length, or by the size of the request', async () => {
  const messageOf = async (length: number) =>
    (await depot().create({ tags: Array(length).fill('a') }, 'id')).errors![0]!.message
  expect(await messageOf(2_000)).toBe('"tags" has more elements than "max" 3.')
  expect(await messageOf(40_000)).toContain('has more than 2000 items')
})
