import { gzipSync } from 'node:zlib'

/** A request that wants to keep a server busy, or to get what it should not, and what it must be told. */
export interface HostileRequest {
  readonly name: string
  readonly method: 'GET' | 'POST'
  /** Behind the host. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer | null
  readonly refused: {
    /** HTTP status. */
    readonly status: number
    /** `extensions.code`. */
    readonly code: string
    /** `extensions.limit`; null: what is wrong is no limit. */
    readonly limit: string | null
  }
}

interface Refused {
  readonly status?: number
  readonly code?: string
  readonly limit?: string
}

/** Refused within GraphQL, so with status 200 of old. */
function post(name: string, body: unknown, refused: Refused, headers: HostileRequest['headers'] = {}): HostileRequest {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  const all = { 'content-type': 'application/json', ...headers }
  return { name, method: 'POST', path: '/graphql', headers: all, body: text, refused: told(refused) }
}

function get(name: string, query: string, refused: Refused, headers: HostileRequest['headers'] = {}): HostileRequest {
  return { name, method: 'GET', path: `/graphql?${query}`, headers, body: null, refused: told(refused) }
}

function told({
  status = 200,
  limit,
  code = limit === undefined ? 'VALIDATION' : 'LIMIT',
}: Refused): HostileRequest['refused'] {
  return { status, code, limit: limit ?? null }
}

const asked = (query: string, variables?: object) => ({ query, ...(variables === undefined ? {} : { variables }) })
const times = (count: number, part: (i: number) => string, by = ' ') =>
  Array.from({ length: count }, (_, i) => part(i)).join(by)
const nested = (levels: number, open: string, inner: string, close: string) =>
  open.repeat(levels) + inner + close.repeat(levels)

const mutation = 'mutation { createProduct(input: { product: { sku: "csrf", name: "csrf" } }) { id } }'
const ordersBy = (argument: string) => `{ orders(${argument}) { nodes { id } } }`
const withFilter = 'query ($filter: OrderFilter) { orders(filter: $filter) { nodes { id } } }'
const small = '{ __typename }'

/** A deep condition: `{ not: { not: … } }`. */
function deepFilter(levels: number): object {
  let filter: object = { number: { equalTo: 'x' } }
  for (let level = 0; level < levels; level++) filter = { not: filter }
  return filter
}

const deep: readonly HostileRequest[] = [
  post('fields in each other', asked(nested(60, '{ orders { nodes { customer', '{ id }', '} } }')), {
    limit: 'maxDepth',
  }),
  post('fields as deep as tokens allow', asked(nested(4_900, '{a', '{a}', '}')), { limit: 'nesting' }),
  post('fields half as deep', asked(nested(2_000, '{a', '{a}', '}')), { limit: 'nesting' }),
  post(
    'depth by a chain of fragments',
    asked(
      `{ ...f0 } ${times(190, (i) => `fragment f${i} on Query { query { ...f${i + 1} } }`)} fragment f190 on Query { __typename }`,
    ),
    { limit: 'maxDepth' },
  ),
  post('inline fragments in each other', asked(nested(2_000, '{ ... ', '{ __typename }', '}')), { limit: 'nesting' }),
  post('inline fragments nearly as deep', asked(nested(999, '{ ... ', '{ __typename }', '}')), { limit: 'maxFields' }),
  post(
    'inline fragments in each other by a chain of fragments',
    asked(
      `{ ...f0 } ${times(9, (i) => `fragment f${i} on Query ${nested(300, '{ ... ', `{ ...f${i + 1} }`, '}')}`)} fragment f9 on Query { __typename }`,
    ),
    { limit: 'nesting' },
  ),
  post('a filter in a filter', asked(withFilter, { filter: deepFilter(4_000) }), { limit: 'maxInputDepth' }),
  post(
    'a literal filter in a filter',
    asked(ordersBy(`filter: ${nested(900, '{ not: ', '{ number: { equalTo: "x" } }', '}')}`)),
    { limit: 'maxInputDepth' },
  ),
  post('lists in lists as a literal', asked(ordersBy(`filter: ${nested(500, '[', '', ']')}`)), {
    limit: 'maxInputDepth',
  }),
  post('JSON as deep as the body', `{"query":"${small}","variables":{"a":${nested(60_000, '[', '', ']')}}}`, {
    limit: 'maxInputDepth',
  }),
  post('a deep body that is no request', nested(120_000, '[', '', ']'), { status: 413, limit: 'maxBatch' }),
  post('types in types', asked(`query ($a: ${nested(3_000, '[', 'Int', ']')}) { __typename }`), { limit: 'nesting' }),
]

const wide: readonly HostileRequest[] = [
  post(
    '2^100 fields by fragments',
    asked(
      `{ ...f0 } ${times(100, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)} fragment f100 on Query { __typename }`,
    ),
    { limit: 'maxFields' },
  ),
  post('fragments in a circle', asked('{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }'), {}),
  post(
    'a circle of many fragments',
    asked(`{ ...f0 } ${times(190, (i) => `fragment f${i} on Query { ...f${(i + 1) % 190} }`)}`),
    {},
  ),
  post('aliases', asked(`{ ${times(300, (i) => `a${i}: __typename`)} }`), { limit: 'maxAliases' }),
  post(
    'aliases of a mutation',
    asked(
      `mutation { ${times(150, (i) => `a${i}: deleteOrder(input: { id: "00000000-0000-7000-8000-000000000000" }) { id }`)} }`,
    ),
    { limit: 'maxAliases' },
  ),
  post('the same field again and again', asked(`{ ${times(5_000, () => '__typename')} }`), { limit: 'maxFields' }),
  post(
    'fields that must be compared with each other',
    asked(`{ ${times(399, () => `orders(filter: { number: { in: ["a", "b", "c", "d"] } }) { totalCount }`)} }`),
    { limit: 'maxFields' },
  ),
  post(
    'fields of fragments that are not spread',
    asked(`{ __typename } fragment f on Query { ${times(4_000, () => '__typename')} }`),
    { limit: 'maxFields' },
  ),
  post(
    'very many fragments',
    asked(`{ __typename } ${times(1_200, (i) => `fragment f${i} on Query { __typename }`)}`),
    { limit: 'maxDefinitions' },
  ),
  post(
    'very many operations',
    { query: times(1_600, (i) => `query q${i} { __typename }`), operationName: 'q0' },
    { limit: 'maxDefinitions' },
  ),
  post('directives', asked(`{ __typename ${times(3_000, () => '@include(if: true)')} }`), { limit: 'maxTokens' }),
  post('directives within the tokens', asked(`{ __typename ${times(1_000, () => '@a')} }`), { limit: 'maxDirectives' }),
  post('unknown directives of an operation', asked(`query ${times(1_000, (i) => `@a${i}`)} { __typename }`), {
    limit: 'maxDirectives',
  }),
  post('tokens', asked(`{ __typename ${times(40_000, () => ',a')} }`), { limit: 'maxTokens' }),
  post('variables that nobody uses', asked(`query (${times(3_000, (i) => `$v${i}: Int`)}) { __typename }`), {
    limit: 'maxTokens',
  }),
  post('variables within the tokens', asked(`query (${times(1_900, (i) => `$v${i}: Int`)}) { __typename }`), {
    limit: 'maxVariables',
  }),
  post('variables that are allowed', asked(`query (${times(250, (i) => `$v${i}: Int`)}) { __typename }`), {}),
  post('faults of a document, each worded', asked(`{ ${times(390, (i) => `ordersx${i}`)} }`), {}),
  post('arguments that are not there', asked(`{ orders(${times(2_400, (i) => `firstx${i}: 1`)}) { totalCount } }`), {}),
  post('a name of 200,000 letters', asked(`{ ${'a'.repeat(200_000)} }`), {}),
  post('comments alone', asked('#\n'.repeat(80_000)), { limit: 'lines' }),
  post('lines alone', asked('\n'.repeat(120_000)), { limit: 'lines' }),
  post('faults behind lines', asked(`{ ${'\r'.repeat(100_000)} ${times(390, (i) => `ordersx${i}`)} }`), {
    limit: 'lines',
  }),
  post('faults behind fewer lines', asked(`{ ${'\n'.repeat(1_900)} ${times(390, (i) => `ordersx${i}`)} }`), {}),
  post('commas alone', asked(','.repeat(250_000)), {}),
]

const large: readonly HostileRequest[] = [
  post('a body of megabytes', asked(`${small} #${'x'.repeat(3_000_000)}`), { status: 413, limit: 'maxBodyBytes' }),
  post(
    'a list with 10,000 values',
    asked(withFilter, {
      filter: { id: { in: Array.from({ length: 6_000 }, () => '00000000-0000-7000-8000-000000000000') } },
    }),
    { limit: 'maxListItems' },
  ),
  post(
    'a list of 3,000 literals',
    asked(ordersBy(`filter: { number: { in: [${times(3_000, (i) => `"${i}"`, ',')}] } }`)),
    { limit: 'maxListItems' },
  ),
  post(
    'conditions side by side',
    asked(withFilter, {
      filter: { and: Array.from({ length: 900 }, () => ({ lines: { some: { quantity: { greaterThan: 1 } } } })) },
    }),
    { limit: 'maxConditions' },
  ),
  post('orders by aggregates', asked(ordersBy(`orderBy: [${times(900, () => 'LINES_COUNT_DESC', ',')}]`)), {
    limit: 'maxConditions',
  }),
  post(
    'a filter that fragments repeat',
    asked(
      `query ($filter: OrderFilter) { ...a } fragment a on Query { ...b a: query { ...b } b: query { ...b } c: query { ...b } } fragment b on Query { orders(filter: $filter) { totalCount } }`,
      { filter: { and: Array.from({ length: 60 }, () => ({ number: { equalTo: 'x' } })) } },
    ),
    { limit: 'maxConditions' },
  ),
  post('a pattern with many wildcards', asked(ordersBy(`filter: { number: { like: "${'%a'.repeat(1_000)}" } }`)), {
    limit: 'wildcards',
  }),
  post(
    'a pattern with many wildcards in a variable',
    asked(withFilter, { filter: { number: { likeInsensitive: '%_'.repeat(5_000) } } }),
    { limit: 'wildcards' },
  ),
  post('a long name told with every row', asked(`{ orders(first: 1000) { nodes { ${'a'.repeat(100_000)}: id } } }`), {
    limit: 'maxRows',
  }),
  post('a page of a milliard rows', asked(ordersBy('first: 1000000000')), { limit: 'maxRows' }),
  post(
    'pages in pages',
    asked(
      '{ orders(first: 1000) { nodes { lines(first: 1000) { nodes { product { lines(first: 1000) { nodes { id } } } } } } } }',
    ),
    { limit: 'maxRows' },
  ),
  post(
    'totals in pages',
    asked(
      `{ orders(first: 1000) { nodes { ${times(90, (i) => `a${i}: lines(first: 1) { groupedAggregates(groupBy: [QUANTITY]) { keys } totalCount }`)} } } }`,
    ),
    { limit: 'maxRows' },
  ),
  post('an offset of a milliard', asked(ordersBy('offset: 1000000000')), { limit: 'maxRows' }),
  post(
    'an offset in a variable',
    asked('query ($n: Int) { orders(offset: $n) { totalCount } }', { n: 2_147_483_647 }),
    { limit: 'maxRows' },
  ),
  post('a number of 100,000 digits', asked(ordersBy(`first: ${'9'.repeat(100_000)}`)), {}),
  post(
    'a number of 100,000 digits in JSON',
    `{"query":"query ($n: Int) { orders(first: $n) { totalCount } }","variables":{"n":${'9'.repeat(100_000)}}}`,
    { limit: 'maxRows' },
  ),
  post(
    'a text of 200,000 letters for a number',
    asked('query ($n: Int) { orders(first: $n) { totalCount } }', { n: 'x'.repeat(200_000) }),
    {},
  ),
  post(
    'objects of variables',
    asked(withFilter, { filter: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, {}])) }),
    { limit: 'maxConditions' },
  ),
  post('a cursor of 100,000 letters', asked(`{ orders(after: "${'W'.repeat(100_000)}") { nodes { id } } }`), {}),
]

const odd: readonly HostileRequest[] = [
  post('a batch', [asked(small)], { status: 413, limit: 'maxBatch' }),
  post(
    'a flood of batches',
    Array.from({ length: 9_000 }, () => asked(small)),
    { status: 413, limit: 'maxBatch' },
  ),
  post('introspection', asked('{ __schema { types { name } } }'), { code: 'FORBIDDEN' }),
  post('introspection by a fragment', asked('{ ...f } fragment f on Query { __type(name: "Order") { name } }'), {
    code: 'FORBIDDEN',
  }),
  post(
    'introspection behind a mutation',
    asked(
      'mutation { createProduct(input: { product: { sku: "x", name: "x" } }) { query { __schema { types { name } } } } }',
    ),
    { code: 'FORBIDDEN' },
  ),
  post('NUL in a document', asked('{ orders\u0000 { totalCount } }'), {}),
  post('NUL in a value', asked(withFilter, { filter: { number: { equalTo: 'a\u0000b' } } }), {}),
  post('half a character', asked('{ \ud800 }'), {}),
  post('bytes that are no text', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), { status: 400 }),
  post('no JSON', '{"query": ', { status: 400 }),
  post('a JSON text', '"{ __typename }"', { status: 400 }),
  post('another key', { query: small, hostile: 'x'.repeat(100_000) }, { status: 400 }),
  post(
    'a compressed body',
    gzipSync(JSON.stringify(asked(`${small} #${'x'.repeat(5_000_000)}`))),
    { status: 415 },
    { 'content-encoding': 'gzip' },
  ),
  post(
    'a mutation as a form',
    new URLSearchParams({ query: mutation }).toString(),
    { status: 415 },
    { 'content-type': 'application/x-www-form-urlencoded' },
  ),
  post(
    'a mutation as a form, with a header',
    new URLSearchParams({ query: mutation }).toString(),
    { status: 415 },
    { 'content-type': 'application/x-www-form-urlencoded', 'graphql-require-preflight': '1' },
  ),
  post('a mutation as text', JSON.stringify(asked(mutation)), { status: 415 }, { 'content-type': 'text/plain' }),
  post(
    'a mutation as parts',
    `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${JSON.stringify(asked(mutation))}\r\n--x--\r\n`,
    { status: 415 },
    { 'content-type': 'multipart/form-data; boundary=x' },
  ),
  get('a mutation by GET', `query=${encodeURIComponent(mutation)}`, { status: 405 }),
  get('a GET with variables that are no JSON', `query=${encodeURIComponent(small)}&variables={`, { status: 400 }),
]

const prototypes: readonly HostileRequest[] = [
  post('a prototype for the request', `{"query":"${small}","__proto__":{"operationName":"x"}}`, { status: 400 }),
  post(
    'a prototype in a filter',
    `{"query":${JSON.stringify(withFilter)},"variables":{"filter":{"__proto__":{"number":{"equalTo":"x"}}}}}`,
    {},
  ),
  post(
    'a prototype for variables',
    `{"query":${JSON.stringify(withFilter)},"variables":{"filter":{"constructor":1}}}`,
    {},
  ),
  post('a prototype as the name of an operation', { query: small, operationName: '__proto__' }, { status: 400 }),
  post('prototypes as fields', asked('{ __proto__ constructor toString hasOwnProperty }'), {}),
]

const names: readonly HostileRequest[] = [
  post('operations of the same name', { query: `query a ${small} query a ${small}`, operationName: 'a' }, {}),
  post(
    'hundreds of operations of the same name',
    { query: times(190, () => `query a ${small}`), operationName: 'a' },
    {},
  ),
  post('fragments of the same name', asked(`{ ...f } ${times(190, () => 'fragment f on Query { __typename }')}`), {}),
  post('several operations and no name', asked(`query a ${small} query b ${small}`), { status: 400 }),
  post(
    'a name of 200,000 letters for an operation',
    { query: small, operationName: 'x'.repeat(200_000) },
    { status: 400 },
  ),
  post('a variable of a name of 100,000 letters', asked(`query ($${'x'.repeat(100_000)}: Int) ${small}`), {}),
]

const inputs: readonly HostileRequest[] = [
  post(
    'a deep filter as the default of a variable',
    asked(
      `query ($f: OrderFilter = ${nested(400, '{ not: ', '{ number: { equalTo: "x" } }', '}')}) { orders(filter: $f) { totalCount } }`,
    ),
    { limit: 'maxInputDepth' },
  ),
  post(
    'conditions as the default of a variable',
    asked(
      `query ($f: OrderFilter = { and: [${times(300, () => '{ number: { equalTo: "x" } }', ',')}] }) { orders(filter: $f) { totalCount } }`,
    ),
    { limit: 'maxConditions' },
  ),
  post(
    'a pattern that is a variable by itself',
    asked('query ($p: String!) { orders(filter: { number: { like: $p } }) { totalCount } }', { p: '%a'.repeat(2_000) }),
    { limit: 'wildcards' },
  ),
  post('a number beyond all numbers', asked(ordersBy('first: 1e400')), {}),
  post(
    'a number beyond all numbers in JSON',
    '{"query":"query ($n: Int) { orders(first: $n) { totalCount } }","variables":{"n":1e400}}',
    { limit: 'maxRows' },
  ),
  post('a text of 50,000 lines', asked(ordersBy(`after: """${'\n a'.repeat(50_000)}"""`)), {
    limit: 'lines',
  }),
  post('a text of 30,000 escapes', asked(ordersBy(`after: "${'\\u0061'.repeat(30_000)}"`)), {}),
  post('lists for a text', asked(ordersBy(`after: ${nested(30, '[', '"x"', ']')}`)), {}),
]

const forms: readonly HostileRequest[] = [
  post('an empty body', '', { status: 400 }),
  post('no document', {}, { status: 400 }),
  post('a list as the document', { query: [small] }, { status: 400 }),
  post('an object as the document', { query: { length: 1 } }, { status: 400 }),
  post('a list as the variables', { query: small, variables: [1] }, { status: 400 }),
  post('a text as the variables', { query: small, variables: '{}' }, { status: 400 }),
  post('a number as the name', { query: small, operationName: 1 }, { status: 400 }),
  post('a subscription', asked('subscription { orders { id } }'), {}),
  post('a part that is sent later', asked('{ ... @defer { __typename } }'), {}),
  post('a list that is streamed', asked('{ orders { nodes @stream { id } } }'), {}),
  post(
    'a body of megabytes that says no length',
    asked(`${small} #${'x'.repeat(3_000_000)}`),
    { status: 413, limit: 'maxBodyBytes' },
    { 'transfer-encoding': 'chunked' },
  ),
  post(
    'a document of the text of another alphabet',
    Buffer.from(JSON.stringify(asked(small)), 'utf16le'),
    { status: 400 },
    { 'content-type': 'application/json; charset=utf-16' },
  ),
  post(
    'a mutation of which a part must be compared with all others',
    asked(
      `mutation { ${times(130, () => 'deleteOrder(input: { id: "00000000-0000-7000-8000-000000000000" }) { order { id } }')} deleteOrder(input: { id: "x" }) { order { id } } }`,
    ),
    {},
  ),
]

/** All of them, as a caller with a valid token sends them. */
export const hostileRequests: readonly HostileRequest[] = [
  ...[...deep, ...wide, ...large, ...odd],
  ...[...prototypes, ...names, ...inputs, ...forms],
]

/** Those of visitors: pages of other sites can make a browser send them. */
export const hostileOfVisitors: readonly HostileRequest[] = [
  get(
    'a GET that a page sends with a type of forms',
    `query=${encodeURIComponent(small)}`,
    { status: 403, code: 'FORBIDDEN' },
    { 'content-type': 'text/plain; charset=application/json' },
  ),
  get('a GET that any page can cause', `query=${encodeURIComponent(small)}`, { status: 403, code: 'FORBIDDEN' }),
]
