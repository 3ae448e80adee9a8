import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery, isEnumType } from 'graphql'
import { beforeAll, expect, test } from 'vitest'
import { maxPageSize } from '../../server/graphql/plugins/page-size-plugin.ts'
import type { Attempt, AttemptSource } from '../attack/attempt.ts'
import { keyOf, type List, listQuery, listsOf, ownOf, tenantAttempts, under } from '../attack/tenant-attempts.ts'
import { contentsOf, examplePatch, exampleRow, type TenantRows, tenantRows } from '../support/example-rows.ts'
import { useExampleServer } from '../support/example-server.ts'

const example = useExampleServer()

/** Somebody who tries to learn of the other tenant. */
interface Caller {
  readonly name: (typeof callerNames)[number]
  readonly token: string
  readonly own: TenantRows
  readonly foreign: TenantRows
  /** Every id of the other tenant. */
  readonly secret: ReadonlySet<string>
  /** Somebody of the other tenant who sees it whole. */
  readonly insider: string
}

let schema: GraphQLSchema
const callers: Caller[] = []
const callerNames = ['the admin of acme', 'sales of acme', 'sales of globex', 'every role at once in globex'] as const
const callerOf = (name: Caller['name']): Caller => callers.find((caller) => caller.name === name)!
const everyRole = ['accountant', 'admin', 'lead', 'sales']

beforeAll(async () => {
  const { ask, people, token } = example()
  schema = buildClientSchema((await ask('ada', getIntrospectionQuery())).data)
  const [acme, globex] = [people.ada.tenant, people.gil.tenant]
  const rows = { [acme]: await tenantRows(example(), acme), [globex]: await tenantRows(example(), globex) }
  const insiders = {
    [acme]: await token({ sub: people.ada.id, tenant: acme, roles: ['admin'] }),
    [globex]: await token({ sub: people.gil.id, tenant: globex, roles: ['admin'] }),
  }
  const meet = async (name: Caller['name'], sub: string, tenant: string, roles: readonly string[]) => {
    const other = tenant === acme ? globex : acme
    const tenantToken = await token({ sub, tenant, roles, claims: { region: 'eu' } })
    const visible = await visibleRows(tenantToken, rows[tenant]!)
    const secret = new Set(Object.values(rows[other]!).flat())
    callers.push({ name, token: tenantToken, own: visible, foreign: rows[other]!, secret, insider: insiders[other]! })
  }
  await meet('the admin of acme', people.ada.id, acme, ['admin'])
  await meet('sales of acme', people.sam.id, acme, ['sales'])
  await meet('sales of globex', people.gil.id, globex, ['sales'])
  await meet('every role at once in globex', people.gil.id, globex, everyRole)
})

/** Rows that a caller sees, so that attempts start from something of its own. */
async function visibleRows(token: string, rows: TenantRows): Promise<TenantRows> {
  const found: Record<string, readonly string[]> = {}
  for (const field of Object.values(schema.getQueryType()!.getFields())) {
    const entity = example().model.entities.find((one) => String(field.type) === `${one.name}Connection`)
    // What is kept of changes has no id of its own.
    if (entity === undefined || entity.historyOf !== null) continue
    const { data } = await example().ask({ token }, `{ all: ${field.name}(first: 100) { nodes { id } } }`)
    found[entity.name] = data.all?.nodes.map(({ id }: { id: string }) => id) ?? []
    expect(rows[entity.name], entity.name).toEqual(expect.arrayContaining([...found[entity.name]!]))
  }
  return found
}

function sourceOf(caller: Caller): AttemptSource {
  return {
    schema,
    model: example().model,
    // Not the absent id of the attempts: a batch may hold both.
    ownId: (entity) => caller.own[entity]?.[0] ?? `${caller.foreign[entity]![0]!.slice(0, -4)}cafe`,
    makeRow: (entity) => exampleRow(entity.name, caller.own),
    patch: (entity) => examplePatch(entity.name),
  }
}

/** An id of no row, right beside one that there is: no comparison with the caller's own tells the two apart. */
function absent(id: string): string {
  return `${id.slice(0, -4)}${id.endsWith('dead') ? 'beef' : 'dead'}`
}

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** The answer in the end: four that write at once may collide, or find the server busy, and are told to try again. */
async function answerOf(caller: Caller, query: string, variables: object): Promise<string> {
  for (let left = 5; ; left--) {
    const { text } = await example().ask(caller, query, variables)
    if (left === 0 || !text.includes('"retry":true')) return text
  }
}

/** What an answer gives away: null when it is what is said of an id of no row. */
async function leak(caller: Caller, attempt: Attempt): Promise<string | null> {
  const id = caller.foreign[attempt.target]![0]!
  const [real, none] = [attempt.variables(id), attempt.variables(absent(id))]
  const ask = (variables: object) => answerOf(caller, attempt.query, variables)
  const [answer, other] = [await ask(real), await ask(none)]
  const blank = (text: string, asked: string) => text.replaceAll(asked, 'ID')
  if (blank(answer, id) !== blank(other, absent(id))) return `${attempt.name}:\n  ${answer}\n  ${other}`
  const seen = (answer.match(uuids) ?? []).filter((one) => one !== id && caller.secret.has(one))
  if (seen.length > 0) return `${attempt.name} shows ${seen[0]}`
  if (attempt.query.startsWith('mutation') && !answer.includes('"errors"')) return `${attempt.name} was done: ${answer}`
  // An answer that blames us, or the form of the question, has not looked at the id.
  return /INTERNAL|"VALIDATION"/.test(answer) ? `${attempt.name}: ${answer}` : null
}

type Trial = readonly [caller: Caller, attempt: Attempt]

async function leaks(caller: Caller, attempts: readonly Attempt[]): Promise<readonly string[]> {
  return (await leaksOf(attempts.map((attempt) => [caller, attempt]))).get(caller) ?? []
}

/** What each caller learns, one trial after the other, four at once. */
async function leaksOf(trials: readonly Trial[]): Promise<ReadonlyMap<Caller, readonly string[]>> {
  const found = new Map<Caller, readonly string[]>()
  const waiting = trials.toReversed()
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [caller, attempt] = next
      const one = await leak(caller, attempt)
      if (one !== null) found.set(caller, [...(found.get(caller) ?? []), one].sort())
    }
  }
  await Promise.all([work(), work(), work(), work()])
  return found
}

/** Trials of all callers. What each of them asks comes in a row: the server plans it once. */
function trialsOf(some: readonly Caller[], attemptsOf: (caller: Caller) => readonly Attempt[]): readonly Trial[] {
  const each = some.map((caller) => [caller, attemptsOf(caller)] as const)
  const most = Math.max(...each.map(([, attempts]) => attempts.length))
  return Array.from({ length: most }, (_, n) => n).flatMap((n) =>
    each.flatMap(([caller, attempts]): readonly Trial[] => (attempts[n] === undefined ? [] : [[caller, attempts[n]]])),
  )
}

test('no id of the other tenant is answered otherwise to anybody than one of no row, wherever it stands', async () => {
  const { people } = example()
  const contents = () => Promise.all([people.ada, people.gil].map(({ tenant }) => contentsOf(example(), tenant)))
  const before = await contents()
  const trials = trialsOf(callers, (caller) => tenantAttempts(sourceOf(caller)))
  for (const caller of callers) expect(trials.filter(([who]) => who === caller).length).toBeGreaterThan(750)
  const found = await leaksOf(trials)
  expect(Object.fromEntries(callers.map((caller) => [caller.name, found.get(caller) ?? []]))).toEqual(
    Object.fromEntries(callerNames.map((name) => [name, []])),
  )
  expect(await contents()).toEqual(before)
})

test.each(callerNames)('no node id of the other tenant leads %s anywhere', async (name) => {
  const caller = callerOf(name)
  const attempts: Attempt[] = []
  for (const { name: target, historyOf } of example().model.entities) {
    if (historyOf !== null) continue
    const id = caller.foreign[target]![0]!
    const one = `${target[0]!.toLowerCase()}${target.slice(1)}`
    // People belong to no tenant: this is made up, as an outsider would.
    const { data } = await example().ask(
      { token: caller.insider },
      `query ($id: UUID!) { one: ${one}(id: $id) { nodeId } }`,
      { id },
    )
    const text = data.one === null ? JSON.stringify([target, id]) : decoded(data.one.nodeId)
    expect(text).toContain(id)
    attempts.push({
      name: `node(${target})`,
      target,
      query: 'query ($nodeId: ID!) { node(nodeId: $nodeId) { __typename nodeId } }',
      variables: (asked) => ({ nodeId: encoded(text.replace(id, asked)) }),
    })
  }
  expect(await leaks(caller, attempts)).toEqual([])
})

test('cursors of the other tenant tell nobody anything, in any order', async () => {
  const some = [callerOf('the admin of acme'), callerOf('sales of globex')]
  const attempts = new Map<Caller, readonly Attempt[]>()
  for (const caller of some) attempts.set(caller, await cursorAttempts(caller))
  for (const each of attempts.values()) expect(each.length).toBeGreaterThan(40)
  expect(await leaksOf(trialsOf(some, (caller) => attempts.get(caller)!))).toEqual(new Map())
})

/** Every list from a row of the other tenant on. */
async function cursorAttempts(caller: Caller): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = []
  for (const list of listsOf(sourceOf(caller)).filter(({ prefix }) => prefix === '')) {
    for (const order of ordersOf(list)) {
      const query = `{ all: ${list.field}(first: 3, orderBy: [${order}]) { edges { cursor node { ${keyOf(list)} } } } }`
      const { data } = await example().ask({ token: caller.insider }, query)
      // No row of the example has come from one state to another.
      if (list.isHistory && data.all.edges.length === 0) continue
      const [{ cursor, node }] = data.all.edges.slice(-1)
      for (const [side, count] of [
        ['after', 'first'],
        ['before', 'last'],
      ] as const) {
        attempts.push({
          name: `${list.name}(${side}, ${order})`,
          target: list.entity,
          query: listQuery(list, '$cursor: Cursor', `${side}: $cursor, ${count}: 3, orderBy: [${order}]`),
          variables: (asked) => ({ cursor: asked.endsWith('dead') ? besides(cursor, caller) : cursor, node }),
        })
      }
    }
  }
  return attempts
}

test.each(callerNames)('groups of lists have no key of the other tenant for %s', async (name) => {
  const caller = callerOf(name)
  for (const list of listsOf(sourceOf(caller))) {
    const groups = schema.getType(`${list.entity}GroupBy`)
    const words = isEnumType(groups) ? groups.getValues() : []
    const asked = words.map(
      (word) =>
        `${word.name}: groupedAggregates(groupBy: [${word.name}]) { keys ${list.isHistory ? '' : 'distinctCount { id }'} }`,
    )
    const text = `${list.field} { totalCount ${asked.join(' ')} }`
    const answer = await example().ask(caller, under(list, '', text), ownOf(list))
    if (answer.errors.length > 0) {
      // Nobody at all may read these.
      expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(answer.errors.map(() => 'FORBIDDEN'))
      continue
    }
    expect(
      (answer.text.match(uuids) ?? []).filter((id) => caller.secret.has(id)),
      list.name,
    ).toEqual([])
    if (list.isHistory) continue
    const found = list.prefix === '' ? answer.data : Object.values(answer.data)[0]
    const { totalCount, ...grouped } = found?.[list.field] ?? { totalCount: 0 }
    for (const [word, rows] of Object.entries<{ distinctCount: { id: string } }[]>(grouped)) {
      const sum = rows.reduce((count, row) => count + Number(row.distinctCount.id), 0)
      // Where the groups are cut off, as many are there as may be.
      if (rows.length < maxPageSize) expect(sum, `${list.name} by ${word}`).toBe(totalCount)
      else expect([rows.length, sum < totalCount], `${list.name} by ${word}`).toEqual([maxPageSize, true])
    }
  }
})

/** Some of each of these are found where only row security keeps tenants apart. */
const foundKinds = [
  ...['create', 'update', 'delete', 'remove'].flatMap((verb) => [
    new RegExp(`^${verb}(Customer|Order|Product|OrderLine)\\(`),
    new RegExp(`^${verb}(Customers|Orders|Products|OrderLines)\\(`),
  ]),
  ...[/^upsert(Customer|Order)\(/, /^upsert(Customers|Orders)\(/],
  ...[/^create\w+\(\w+\.connect\)/, /^create\w+\(\w+\.create\./, /^create\w+\([01]\.\w+\.connect\)/],
  ...[/^create\w+\([01]\.\w+\.create\./, /^update\w+\(patch\.\w+\.connect\)/, /^update\w+\(patch\.\w+\.create\./],
  ...[/^update\w+\(id, read\)/, /^update\w+\(id, \w+\.create\)/],
]

test('without the wall between tenants the attempts above find much', async () => {
  const { database, model } = example()
  const run = (make: (table: string) => string) =>
    database.asRole(database.names.owner, async (client) => {
      for (const { table, tenancy, historyOf } of model.entities)
        if (tenancy !== 'none' && historyOf === null) await client.query(make(table))
    })
  const definition = 'as restrictive using (tenant_id = (select rowhouse.tenant_id()))'
  await run((table) => `drop policy tenant on app."${table}"`)
  try {
    const caller = callerOf('the admin of acme')
    const found = await leaks(
      caller,
      tenantAttempts(sourceOf(caller)).filter(({ query }, n) => query.startsWith('mutation') || n % 7 === 0),
    )
    expect(found.length).toBeGreaterThan(150)
    for (const kind of foundKinds) expect(found.filter((one) => kind.test(one)).length, String(kind)).toBeGreaterThan(0)
  } finally {
    await run(
      (table) =>
        `create policy tenant on app."${table}" ${definition} with check (tenant_id = (select rowhouse.tenant_id()))`,
    )
  }
})

/** Some orders by fields of the row, one by a related one. */
function ordersOf(list: List): readonly string[] {
  const type = schema.getType(list.orderBy)
  const names = isEnumType(type) ? type.getValues().map(({ name }) => name) : []
  const own = names.filter((name) => !name.includes('__'))
  return [...own.filter((_, n) => n % 7 === 0), ...names.filter((name) => name.includes('__')).slice(0, 1)]
}

const decoded = (text: string): string => Buffer.from(text, 'base64').toString()
const encoded = (text: string): string => Buffer.from(text).toString('base64')

/** A cursor whose rows are none, right beside those of another. */
function besides(cursor: string, caller: Caller): string {
  return encoded(decoded(cursor).replaceAll(uuids, (id) => (caller.secret.has(id) ? absent(id) : id)))
}
