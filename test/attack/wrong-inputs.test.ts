import {
  buildClientSchema,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
} from 'graphql'
import { beforeAll, expect, test } from 'vitest'
import { requestErrors } from '#base'
import { ann, useWrittenServer } from '../options/written-server.ts'
import { hostileJson, hostileTexts, unstorableTexts } from './hostile-values.ts'

/* Whatever a caller gets wrong is told to the caller, by a code of the list, and is no fault of ours: nothing of it is in the log. */

const app = useWrittenServer({
  'schema/all.entity.ts': `
const place = embedType('Place', { city: string(), zip: string({ optional: true }) })
const stop = shapeType('Stop', { at: string(), minutes: int({ min: 0 }) })
export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Thing = entity('Thing', {
  search: { name: 'A' },
  fields: {
    name: string({ unique: true }), note: text({ optional: true }), count: int({ optional: true }), big: int64({ optional: true }), rate: float({ optional: true }),
    price: money({ optional: true }), precise: decimal({ precision: 10, scale: 3, optional: true }), on: date({ optional: true }), at: datetime({ optional: true }), time: time({ optional: true }), took: duration({ in: 'minutes', optional: true }),
    kind: choice(['a', 'b'], { optional: true }), flag: boolean({ default: false }), raw: base64({ maxBytes: 100, optional: true }),
    tags: list(string(), { default: [] }), sizes: list(int(), { default: [] }), days: list(date(), { default: [] }),
    place: embed(place, { optional: true }), stop: shape(stop, { optional: true }), stops: list(shape(stop), { default: [] }), free: dict({ max: 10, default: {} }), stock: dict({ values: int(), max: 10, default: {} }),
    stay: period({ of: 'date', optional: true }), slot: period({ of: 'datetime', optional: true }),
  },
  relations: { owner: one('User', { optional: true }), parts: many('Part', { by: 'thing' }), labels: many('Label', { link: true }) },
})
export const Part = entity('Part', { fields: { text: string() }, relations: { thing: partOf('Thing', { ordered: true }) } })
export const Label = entity('Label', { fields: { name: string() }, relations: { things: many('Thing', { by: 'labels' }) } })
export const Folder = entity('Folder', { tree: 'parent', fields: { name: string() }, relations: { parent: one('Folder', { optional: true }), below: many('Folder', { down: 'parent' }) } })
export const Pair = entity('Pair', { key: ['left', 'right'], fields: { left: string(), right: int() } })`,
  'policies/all.ts': `import { Folder, Label, Pair, Part, Thing, User } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
const all = { allow: 'admin', to: anything } as const
export const P0 = policy(User, { all })
export const P1 = policy(Thing, { all })
export const P2 = policy(Part, { all })
export const P3 = policy(Label, { all })
export const P4 = policy(Folder, { all })
export const P5 = policy(Pair, { all })`,
})

let schema: GraphQLSchema
beforeAll(async () => {
  schema = buildClientSchema((await app().ask(getIntrospectionQuery())).data)
})

/** JSON that is sent as it is, because no value of JavaScript is all that it may say. */
async function send(query: string, variables: string): Promise<string> {
  const token = await app().token({})
  const response = await fetch(`${app().server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
  })
  return await response.text()
}

/** What is wrong with an answer to something wrong, or null. */
function faultOf(what: string, text: string): string | null {
  const { errors = [] } = JSON.parse(text) as { errors?: readonly { extensions?: { code?: string } }[] }
  const codes = errors.map(({ extensions }) => extensions?.code ?? 'none')
  const strange = codes.some((code) => code === 'INTERNAL' || !(code in requestErrors))
  return strange ? `${what}: ${text.slice(0, 200)}` : null
}

const texts = [
  ...hostileTexts,
  ...unstorableTexts,
  'x'.repeat(5_000),
  '(',
  '[a',
  '\\',
  '*',
  'a & | !',
  '<->',
  ':*',
  `"`,
  "'",
]
const wrong = [
  ...texts.map((text) => JSON.stringify(text)),
  ...hostileJson,
  '1e22',
  '-1',
  '0',
  '4294967296',
  '"1/0"',
  '"P1Y"',
  '"-infinity"',
  '["x", null]',
  '[null]',
]

/** A place in an input where a value can stand. */
interface Place {
  readonly path: string
  /** The whole input as JSON with this value there. */
  put(json: string): string
}

/** The least that an input of this type may say. */
function least(type: GraphQLInputObjectType): string {
  const given = Object.values(type.getFields())
    .filter((field) => String(field.type).endsWith('!') && field.defaultValue === undefined)
    .map((field) => `${JSON.stringify(field.name)}:${example(field)}`)
  return `{${given.join(',')}}`
}

const examples: Readonly<Record<string, string>> = {
  UUID: `"${ann}"`,
  Int: '1',
  Boolean: 'true',
  ID: '"x"',
  BigInt: '"1"',
  BigFloat: '"1"',
  Date: '"2026-01-01"',
  Datetime: '"2026-01-01T00:00:00Z"',
}

function example(field: GraphQLInputField): string {
  const named = getNamedType(field.type)
  const one = isInputObjectType(named)
    ? least(named)
    : 'getValues' in named
      ? JSON.stringify(named.getValues()[0]!.name)
      : (examples[named.name] ?? '"some"')
  return isListType(getNullableType(field.type)) ? `[${one}]` : one
}

/** Every place of an input where a leaf stands, each input type once. */
function placesOf(
  type: GraphQLInputObjectType,
  seen = new Set<string>(),
  at: Place = { path: '', put: (json) => json },
): readonly Place[] {
  if (seen.has(type.name)) return []
  seen.add(type.name)
  return Object.values(type.getFields()).flatMap((field) => {
    const named = getNamedType(field.type)
    const rest = least(type).slice(1, -1)
    const others = rest === '' ? '' : `${rest},`
    const inList = isListType(getNullableType(field.type))
    const put = (json: string) => at.put(`{${others}${JSON.stringify(field.name)}:${json}}`)
    const here: Place = { path: `${at.path}.${field.name}`, put: inList ? (json) => put(`[${json}]`) : put }
    return isInputObjectType(named) ? [here, ...placesOf(named, seen, here)] : [here]
  })
}

let turn = 0

/** Of the values one in so many is tried in a place. */
const share = 60
const some = () => wrong.filter((_, n) => (n + turn) % share === 0)

/** Tries each place with some of the values; together they meet all. */
async function tryAll(
  requests: readonly { readonly query: string; readonly places: readonly Place[] }[],
): Promise<readonly string[]> {
  const faults: string[] = []
  for (const { query, places } of requests)
    for (const place of places) {
      turn += 1
      const answers = await Promise.all(
        some().map(async (json) =>
          faultOf(
            `${query.slice(0, 60)} ${place.path} ${json.slice(0, 60)}`,
            await send(query, `{"v":${place.put(json)}}`),
          ),
        ),
      )
      faults.push(...answers.flatMap((fault) => fault ?? []))
    }
  return faults
}

const leaf: Place = { path: '', put: (json) => json }

test('arguments of queries and lists', async () => {
  const seen = new Set<string>()
  const requests = Object.values(schema.getQueryType()!.getFields()).flatMap((field) =>
    field.args.map((arg) => {
      const named = getNamedType(arg.type)
      const key = isInputObjectType(named) ? named.name : `${arg.name} ${String(arg.type)}`
      const query = `query ($v: ${String(arg.type)}) { ${field.name}(${arg.name}: $v${others(field, arg)}) { __typename ${/Connection/.test(String(field.type)) ? 'totalCount nodes { __typename } pageInfo { hasNextPage hasPreviousPage }' : ''} } }`
      if (isInputObjectType(named)) return { query, places: placesOf(named, seen) }
      const isKnown = seen.has(key)
      seen.add(key)
      return { query, places: isKnown ? [] : [leaf] }
    }),
  )
  expect(requests.flatMap(({ places }) => places).length).toBeGreaterThan(400)
  expect(await tryAll(requests)).toEqual([])
})

function others(
  field: { readonly args: readonly { readonly name: string; readonly type: unknown }[] },
  arg: { readonly name: string },
): string {
  const required = field.args.filter((each) => each !== arg && String(each.type).endsWith('!'))
  return required
    .map(({ name, type }) => `, ${name}: ${examples[String(type).replaceAll(/[![\]]/g, '')] ?? '"some"'}`)
    .join('')
}

test('inputs of mutations', async () => {
  const seen = new Set<string>()
  const requests = Object.values(schema.getMutationType()!.getFields()).map((field) => {
    const input = getNamedType(field.args[0]!.type) as GraphQLInputObjectType
    return {
      query: `mutation ($v: ${input.name}!) { ${field.name}(input: $v) { __typename } }`,
      places: placesOf(input, seen),
    }
  })
  expect(requests.flatMap(({ places }) => places).length).toBeGreaterThan(150)
  expect(await tryAll(requests)).toEqual([])
})

/** What is asked with, and told in answer to, something that is made by hand. */
async function told(query: string, variables: object): Promise<string> {
  return await send(query, JSON.stringify(variables))
}

test('cursors and ids of rows that are written by hand', async () => {
  const made =
    'mutation { createThing(input: { thing: { name: "cursor", count: 1, price: "1.00", on: "2026-01-01", at: "2026-01-01T00:00:00Z", flag: true, kind: a, tags: ["x"] } }) { thing { id nodeId } } }'
  const { data } = await app().ask(made)
  const { nodeId } = data.createThing.thing
  const base64 = (value: unknown) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64')
  const odd: readonly unknown[] = [
    null,
    'x',
    '',
    '\u0000',
    '\ud800',
    {},
    [],
    [1],
    -1,
    0.5,
    1e300,
    '99999-01-01',
    'NaN',
    true,
    { a: 1 },
    '9'.repeat(400),
  ]
  const faults: (string | null)[] = []
  const orders = [
    'ID_ASC',
    'NAME_ASC',
    'COUNT_DESC',
    'PRICE_ASC',
    'ON_ASC',
    'AT_DESC',
    'TOOK_ASC',
    'TIME_ASC',
    'KIND_ASC',
    'FLAG_DESC',
    'OWNER__NAME_ASC',
    'PARTS__COUNT_DESC',
    'STAY_ASC',
    'BIG_ASC',
    'RATE_ASC',
    'PRECISE_ASC',
  ]
  for (const order of orders) {
    const page = `query ($v: Cursor) { things(orderBy: [${order}], first: 2, after: $v) { nodes { id } pageInfo { hasNextPage } } }`
    const first = JSON.parse(await told(page.replace('nodes { id }', 'edges { cursor }'), {}))
    expect(first.errors, order).toBeUndefined()
    const [digest, ...values] = JSON.parse(Buffer.from(first.data.things.edges[0].cursor, 'base64').toString())
    for (const value of odd)
      for (const [at] of values.entries()) {
        const cursor = base64([digest, ...values.with(at, value)])
        faults.push(faultOf(`${order} ${JSON.stringify(value)?.slice(0, 40)}`, await told(page, { v: cursor })))
      }
  }
  for (const text of [
    '',
    'x',
    '[]',
    '{}',
    'null',
    '1',
    '[null]',
    '["x"]',
    '[{}]',
    '[["x"]]',
    `[${'['.repeat(2000)}`,
    '"x"',
  ])
    for (const [query, value] of [
      ['query ($v: Cursor) { things(first: 1, after: $v) { totalCount nodes { id } } }', base64(text)],
      ['query ($v: Cursor) { things(last: 1, before: $v) { totalCount nodes { id } } }', base64(text)],
      ['query ($v: Cursor) { things(first: 1, search: "a", after: $v) { nodes { id } } }', base64(text)],
      ['query ($v: ID!) { node(nodeId: $v) { __typename } }', base64(text)],
    ] as const)
      faults.push(faultOf(`${query.slice(0, 50)} ${text.slice(0, 20)}`, await told(query, { v: value })))
  const [type] = JSON.parse(Buffer.from(nodeId, 'base64').toString())
  for (const value of odd)
    faults.push(
      faultOf(
        `node ${JSON.stringify(value)}`,
        await told('query ($v: ID!) { node(nodeId: $v) { __typename } }', { v: base64([type, value]) }),
      ),
    )
  for (const id of ['pairs', 'Pair'])
    for (const value of odd)
      faults.push(
        faultOf(
          `pair ${JSON.stringify(value)}`,
          await told('query ($v: ID!) { node(nodeId: $v) { __typename } }', { v: base64([id, value, value]) }),
        ),
      )
  expect(faults.filter(Boolean)).toEqual([])
})

test('pages, groups, searches and batches at their edges', async () => {
  const lists = [
    ...[
      'first: -1',
      'last: -1',
      'first: 2147483647',
      'first: 2147483648',
      'offset: -1',
      'offset: 2147483647',
      'first: 1, last: 1',
      'last: 1, offset: 1',
      'first: 0',
      'first: null, last: null',
      'offset: 99999999999',
    ],
    ...[
      'search: "\\u0000"',
      'search: "a\\u0000b"',
      'search: "\\ud800"',
      'search: "("',
      `search: "${'a'.repeat(501)}"`,
      `search: "${'a '.repeat(250)}"`,
      'search: "\'"',
      'search: "\\\\"',
      'search: ":*"',
    ],
    ...[
      'distinctOn: []',
      'distinctOn: [NAME, NAME]',
      'orderBy: []',
      'orderBy: [NAME_ASC, NAME_DESC]',
      'filter: null',
      'filter: {}',
      'filter: { and: [] }',
      'filter: { or: [] }',
      'filter: { not: {} }',
      'filter: { or: [{}] }',
      'filter: { name: {} }',
      'filter: { parts: {} }',
      'filter: { search: null }',
      'filter: { search: "\\u0000" }',
      'filter: { tags: { contains: [] } }',
      'filter: { tags: { overlaps: ["\\u0000"] } }',
      'filter: { name: { in: [] } }',
      'filter: { name: { like: "\\\\" } }',
      'filter: { stay: { covers: "x" } }',
    ],
  ].map((args) => `{ things(${args}) { totalCount nodes { id } } }`)
  const groups = [
    'groupBy: []',
    'groupBy: [NAME, NAME]',
    'groupBy: [AT_TRUNCATED_TO_DAY], timeZone: "Mars/One"',
    'groupBy: [AT_TRUNCATED_TO_DAY], timeZone: ""',
    'groupBy: [AT_TRUNCATED_TO_DAY], timeZone: "\\u0000"',
    'groupBy: [AT_TRUNCATED_TO_DAY], timeZone: "\'; drop"',
    'groupBy: [AT_TRUNCATED_TO_DAY], timeZone: "UTC+99999999"',
    'groupBy: [NAME], having: {}',
    'groupBy: [NAME], having: { or: [] }',
    'groupBy: [NAME], having: { sum: {} }',
  ].map((args) => `{ things { groupedAggregates(${args}) { keys } } }`)
  const changes = [
    'createThings(input: { things: [] }) { ids }',
    'updateThings(input: { things: [] }) { ids }',
    'deleteThings(input: { ids: [] }) { ids }',
    'upsertThings(input: { by: NAME, things: [] }) { ids }',
    'deletePairs(input: { keys: [] }) { keys { left } }',
    `linkThingLabels(input: { thingId: "${ann}", labelIds: [] }) { clientMutationId }`,
    `movePart(input: { id: "${ann}", to: -1 }) { id }`,
    `movePart(input: { id: "${ann}", to: 2147483647 }) { id }`,
    `movePart(input: { id: "${ann}" }) { id }`,
    `updateThing(input: { id: "${ann}", patch: {} }) { id }`,
    `updateThing(input: { id: "${ann}", ifUpdatedAt: "infinity", patch: { name: "x" } }) { id }`,
    'createThing(input: { thing: { name: "a\\u0000" } }) { id }',
    'createThing(input: { thing: { name: "k" }, idempotencyKey: "\\u0000" }) { id }',
    'createThing(input: { thing: { name: "l" }, idempotencyKey: "\\ud800" }) { id }',
    'createThing(input: { thing: { name: "m" }, clientMutationId: "\\u0000" }) { clientMutationId }',
  ].map((field) => `mutation { ${field} }`)
  const faults: (string | null)[] = []
  for (const query of [...lists, ...groups, ...changes]) faults.push(faultOf(query, await told(query, {})))
  expect(faults.filter(Boolean)).toEqual([])
})

test('nothing of it is in the log', () => {
  expect(app().log.filter(({ kind }) => kind === 'internal-error')).toEqual([])
})
