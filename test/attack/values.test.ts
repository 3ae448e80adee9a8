import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery, getNamedType, isInputObjectType } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { requestErrors } from '#base'
import { exampleRow, type TenantRows, tenantRows } from '../support/example-rows.ts'
import { useExampleServer } from '../support/example-server.ts'
import { hostileJson, hostileTexts, unstorableTexts } from './hostile-values.ts'

const example = useExampleServer()
let schema: GraphQLSchema
let rows: TenantRows

beforeAll(async () => {
  schema = buildClientSchema((await example().ask('ada', getIntrospectionQuery())).data)
  rows = await tenantRows(example(), example().people.ada.tenant)
})

/** Asks as ada. @param variables JSON text, because it may hold what no value of JavaScript is */
async function ask(query: string, variables: string) {
  const response = await fetch(`${example().server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${example().tokens.ada}` },
    body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
  })
  const text = await response.text()
  // biome-ignore lint/suspicious/noExplicitAny: answers have the shape that was asked for
  const { data = null, errors = [] } = JSON.parse(text) as { data?: any; errors?: any[] }
  return { data, errors, text }
}

/** Traces of SQL, of Postgres, of files: what no caller may see. */
const traces =
  /syntax error|at character|pg_|violates|relation "|column "|rowhouse_private|node_modules|\.ts:|PL\/pgSQL|::/i

/** A fault of the answer to a hostile value, or null. */
function faultOf(name: string, { errors, text }: Awaited<ReturnType<typeof ask>>, given: string): string | null {
  const codes = errors.map(({ extensions }) => extensions?.code)
  const strange = codes.filter((code) => code === 'INTERNAL' || !(code in requestErrors))
  if (strange.length > 0) return `${name} ${given.slice(0, 80)}: ${text.slice(0, 300)}`
  // What was sent may come back in a complaint; its words are not ours.
  const said = errors.map(({ message }) => String(message).replaceAll(given, '').replaceAll(JSON.stringify(given), ''))
  const trace = said.find((message) => traces.test(message) && !hostileTexts.some((word) => message.includes(word)))
  return trace === undefined ? null : `${name} ${given.slice(0, 80)}: ${trace.slice(0, 300)}`
}

const texts = [...hostileTexts, ...unstorableTexts, 'x'.repeat(10_000)]
const everything = [...texts.map((text) => JSON.stringify(text)), ...hostileJson]

test('no argument of a query or filter takes a hostile value for anything but data', async () => {
  const faults: (string | null)[] = []
  const places = Object.values(schema.getQueryType()!.getFields()).flatMap((field) =>
    field.args.map((arg) => ({ field, arg })),
  )
  expect(places.length).toBeGreaterThan(70)
  // Arguments of one type are one code: each type once.
  const types = new Map(places.map((place) => [String(place.arg.type), place]))
  for (const { field, arg } of types.values()) {
    const query = `query ($v: ${String(arg.type)}) { ${field.name}(${arg.name}: $v) { __typename } }`
    for (const json of everything)
      faults.push(faultOf(query, await ask(query, `{"v":${json}}`), JSON.parse(json)?.toString() ?? json))
  }
  expect(faults.filter(Boolean)).toEqual([])
})

test('no comparison of a filter does either', async () => {
  const faults: (string | null)[] = []
  const seen = new Set<string>()
  let turn = 0
  for (const { name, plural } of lists()) {
    const filter = schema.getType(`${name}Filter`)
    if (!isInputObjectType(filter)) throw new Error(`"${name}" has no filter.`)
    for (const field of Object.values(filter.getFields())) {
      const type = getNamedType(field.type)
      if (!isInputObjectType(type) || seen.has(type.name) || !/^[A-Za-z]+Filter$/.test(type.name)) continue
      if (!('equalTo' in type.getFields())) continue
      seen.add(type.name)
      for (const word of Object.values(type.getFields())) {
        const query = `query ($v: ${String(word.type)}) { ${plural}(filter: { ${field.name}: { ${word.name}: $v } }) { totalCount nodes { id } } }`
        const isText = String(getNamedType(word.type)) === 'String'
        const values = isText ? texts.map((text) => JSON.stringify(text)) : everything
        turn += 1
        // Comparisons of one type share how values are read: each meets a fifth, together they meet all.
        const some = values.filter((_, n) => (n + turn) % 5 === 0)
        const given = String(word.type).startsWith('[') ? some.map((json) => `[${json}]`) : some
        for (const json of given) faults.push(faultOf(query, await ask(query, `{"v":${json}}`), json))
      }
    }
  }
  expect(seen.size).toBeGreaterThan(10)
  expect(faults.filter(Boolean)).toEqual([])
})

test('wildcards are letters, except where a pattern was asked for', async () => {
  const count = async (word: string, value: string) => {
    const query = `query ($v: String!) { customers(filter: { name: { ${word}: $v } }) { totalCount } }`
    return (await ask(query, JSON.stringify({ v: value }))).data.customers.totalCount
  }
  for (const word of [
    'includes',
    'includesInsensitive',
    'startsWith',
    'startsWithInsensitive',
    'endsWith',
    'endsWithInsensitive',
  ])
    for (const value of ['%', '_', '%a%', '\\%']) expect(await count(word, value), `${word} ${value}`).toBe(0)
  expect(await count('includes', '')).toBe(40)
  const row = { ...exampleRow('Customer', rows), name: 'C:\\dir\\100%_' }
  const { data } = await ask(
    'mutation ($row: CustomerInput!) { done: createCustomer(input: { customer: $row }) { id } }',
    JSON.stringify({ row }),
  )
  const found = [
    ['includes', '\\'],
    ['includes', '\\DIR\\'],
    ['includesInsensitive', '\\DIR\\'],
    ['startsWith', 'C:\\'],
    ['endsWith', '\\100%_'],
    ['endsWith', '\\'],
  ] as const
  const counts = []
  for (const [word, value] of found) counts.push(await count(word, value))
  expect(counts).toEqual([1, 0, 1, 1, 1, 0])
  await ask('mutation ($id: UUID!) { deleteCustomer(input: { id: $id }) { id } }', JSON.stringify({ id: data.done.id }))
})

function lists() {
  return Object.values(schema.getQueryType()!.getFields()).flatMap((field) => {
    const [, name] = /^(\w+)Connection$/.exec(String(field.type)) ?? []
    return name === undefined ? [] : [{ name, plural: field.name }]
  })
}

describe('what is stored is what was sent, or nothing is:', () => {
  const names = [
    'Contact',
    'Customer',
    'Invoice',
    'Membership',
    'Order',
    'OrderLine',
    'Organization',
    'Payment',
    'Product',
  ]

  test.each(names)('every field of %s', async (name) => {
    const faults: (string | null)[] = []
    let asked = 0
    const one = `${name[0]!.toLowerCase()}${name.slice(1)}`
    const input = schema.getType(`${name}Input`)
    if (!isInputObjectType(input)) throw new Error(`"${name}" has no input.`)
    const create = `mutation ($row: ${name}Input!) { done: create${name}(input: { ${one}: $row }) { id ${one} { id } } }`
    for (const field of Object.values(input.getFields())) {
      if (/Id$/.test(field.name)) continue
      // Rows inside of rows are no values that could be read back: nested-writes.test.ts attacks what they do.
      const isValue = !isInputObjectType(getNamedType(field.type))
      if (isValue) asked += 1
      for (const json of everything) {
        const row = { ...exampleRow(name, rows), [field.name]: '\u0000HOLE' }
        const answer = await ask(create, `{"row":${JSON.stringify(row).replace('"\\u0000HOLE"', () => json)}}`)
        faults.push(faultOf(`${name}.${field.name}`, answer, json))
        const id = answer.data?.done?.id
        if (id === undefined || !isValue) continue
        const back = await ask(`query ($id: UUID!) { ${one}(id: $id) { v: ${field.name} } }`, JSON.stringify({ id }))
        const stored = back.data[one]?.v
        if (!isSame(stored, json, String(getNamedType(field.type))))
          faults.push(`${name}.${field.name} ${json.slice(0, 80)} became ${JSON.stringify(stored)}`)
      }
    }
    expect(asked).toBeGreaterThan(0)
    expect(faults.filter(Boolean)).toEqual([])
  })
})

/** Whether a stored value means what was sent. */
function isSame(stored: unknown, json: string, type: string): boolean {
  // Left out or null: a default or null took its place.
  if (json === 'null') return true
  const given: unknown = JSON.parse(json)
  if (typeof given === 'string' && type === 'String') return stored === given
  if (type === 'Datetime') return new Date(String(stored)).getTime() === new Date(String(given)).getTime()
  if (type === 'Time') return String(stored).startsWith(String(given))
  if (type === 'BigFloat' || type === 'BigInt' || type === 'Float' || type === 'Int')
    return Number(stored) === Number(json.replaceAll('"', ''))
  return stored === given || String(stored).toLowerCase() === String(given).toLowerCase()
}

test('nothing was done besides', async () => {
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  expect(example().log.filter(({ kind }) => kind === 'internal-error')).toEqual([])
})
