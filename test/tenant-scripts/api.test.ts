import { describe, expect, test } from 'vitest'
import { RequestError } from '#base'
import { useWrittenServer, type Who } from '../server/graphql/support-links.ts'
import { acme, ann, bob, globex, till, tillRows } from './till.ts'

let checked = 0
const server = useWrittenServer(till, tillRows, [['clerk'], ['admin'], ['owner2'], []], {
  scripts: {
    names: ['scripts/price', 'scripts/other'],
    check: (_, source) => {
      checked++
      if (source.includes('wrong')) throw new RequestError('VALIDATION', 'Line 1: wrong.', { fields: ['source'] })
    },
  },
})
const as = (roles: readonly string[], tenant = acme, sub = ann): Who => ({ sub, tenant, roles })
const admin = as(['admin'])

const all = 'name version checksum publishedAt publishedBy note isActive source'
const publishing = `mutation ($name: String!, $source: String!, $note: String) { publishScript(input: { name: $name, source: $source, note: $note }) { tenantScript { ${all} } } }`
const publish = (who: Who, source: string, name = 'scripts/price', note?: string) =>
  server().askAs(who, publishing, { name, source, note })
type Listed = Readonly<Record<string, unknown>>
const list = async (who: Who, name = 'scripts/price'): Promise<readonly Listed[]> =>
  (await server().askAs(who, `query ($name: String) { tenantScripts(name: $name) { nodes { ${all} } } }`, { name }))
    .data?.tenantScripts.nodes
const rollBack = (who: Who, version: number, name = 'scripts/price') =>
  server().askAs(
    who,
    'mutation ($name: String!, $version: Int!) { rollBackScript(input: { name: $name, version: $version }) { tenantScript { version isActive } } }',
    { name, version },
  )

test('scripts are published, rolled back and withdrawn', async () => {
  const { data, errors } = await publish(admin, 'first', 'scripts/price', 'The first.')
  expect(errors).toEqual([])
  expect(data.publishScript.tenantScript).toMatchObject({
    ...{ name: 'scripts/price', version: 1, publishedBy: ann, note: 'The first.', isActive: true, source: 'first' },
    checksum: 'a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e',
    publishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  })
  await publish(as(['owner2'], acme, bob), 'second')
  const second = await list(admin)
  expect(second.map((each) => [each.version, each.isActive, each.publishedBy])).toEqual([
    [2, true, bob],
    [1, false, ann],
  ])
  expect((await rollBack(admin, 1)).data.rollBackScript).toEqual({ tenantScript: { version: 1, isActive: true } })
  expect((await list(admin)).map((each) => each.isActive)).toEqual([false, true])
  const withdrawn = await server().askAs(
    admin,
    'mutation { withdrawScript(input: { name: "scripts/price" }) { tenantScript { version } query { tenantScripts(first: 1) { nodes { isActive } } } } }',
  )
  expect(withdrawn.data.withdrawScript).toEqual({
    tenantScript: null,
    query: { tenantScripts: { nodes: [{ isActive: false }] } },
  })
})

test('a key publishes once', async () => {
  const text = `mutation { publishScript(input: { idempotencyKey: "one", name: "scripts/other", source: "once" }) { tenantScript { version source } } }`
  const first = await server().askAs(admin, text)
  await publish(admin, 'between', 'scripts/other')
  const again = await server().askAs(admin, text)
  expect(again.data).toEqual(first.data)
  expect((await list(admin, 'scripts/other')).map(({ version }) => version)).toEqual([2, 1])
})

test('runs are recorded where a publisher says so', async () => {
  const recording = (who: Who, isRecorded: boolean) =>
    server().askAs(
      who,
      'mutation ($on: Boolean!) { recordScript(input: { name: "scripts/price", isRecorded: $on }) { tenantScript { version isActive } } }',
      { on: isRecorded },
    )
  expect((await recording(as(['clerk']), true)).errors[0]?.extensions.code).toBe('FORBIDDEN')
  await publish(admin, 'recorded')
  expect((await recording(admin, true)).data.recordScript.tenantScript).toMatchObject({ isActive: true })
  const text = "select rowhouse_private.keep_script_run('scripts/price', 1, repeat('a', 64), 'raised', 3, '{}') as id"
  await server().database.asActor({ roles: ['clerk'], tenant: acme, actor: bob }, (client) => client.query(text))
  const runs = '{ tenantScriptRuns { nodes { id name version checksum ended ms ranAt ranBy record } } }'
  const { data, errors } = await server().askAs(admin, runs)
  expect(errors).toEqual([])
  expect(data.tenantScriptRuns.nodes).toMatchObject([
    { name: 'scripts/price', version: 1, ended: 'raised', ms: 3, ranBy: bob, record: {} },
  ])
  expect((await server().askAs(as(['clerk']), runs)).errors[0]?.extensions.code).toBe('FORBIDDEN')
  expect((await server().askAs(as(['admin'], globex), runs)).data.tenantScriptRuns.nodes).toEqual([])
})

describe('is refused', () => {
  test.each([
    ['whoever may not', as(['clerk'])],
    ['whoever has no role', as([])],
  ])('%s, before the source is looked at', async (_, who) => {
    const before = checked
    expect((await publish(who, 'wrong')).errors[0]?.extensions.code).toBe('FORBIDDEN')
    expect((await rollBack(who, 1)).errors[0]?.extensions.code).toBe('FORBIDDEN')
    const { errors } = await server().askAs(who, '{ tenantScripts { nodes { source } } }')
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN')
    expect(checked).toBe(before)
  })

  test('a visitor', async () => {
    const { errors } = await server().ask('{ tenantScripts { nodes { source } } }', null, null)
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN')
  })

  test.each([
    ['a name that the app has not', 'x', 'scripts/prise', 'Did you mean "scripts/price"?'],
    ['a name of the app’s folder', 'x', '../schema/all', 'has no script'],
    ['a source that is wrong', 'wrong', 'scripts/price', 'Line 1: wrong.'],
    ['a source that is long', 'x'.repeat(65_537), 'scripts/price', 'longer than 65536 bytes'],
    ['a source that no text is', 'a\0b', 'scripts/price', 'no text'],
  ])('%s', async (_, source, name, message) => {
    const { errors } = await publish(admin, source, name)
    expect(errors).toMatchObject([{ message: expect.stringContaining(message), extensions: { code: 'VALIDATION' } }])
  })

  test('a version that is not there, or another tenant’s', async () => {
    await publish(as(['admin'], globex, bob), 'theirs', 'scripts/price')
    const theirs = await list(as(['admin'], globex, bob))
    expect(theirs).toMatchObject([{ version: 1, source: 'theirs' }])
    expect((await rollBack(admin, 77)).errors[0]?.extensions.code).toBe('NOT_FOUND')
    expect(JSON.stringify(await list(admin))).not.toContain('theirs')
    await publish(admin, 'another')
    expect((await list(as(['admin'], globex, bob)))[0]).toMatchObject({ version: 1, isActive: true })
  })

  test('a publication with what goes with it', async () => {
    const text = `mutation ($id: UUID!) { publishScript(input: { name: "scripts/other", source: "undone" }) { tenantScript { version } } deleteSale(input: { id: $id }) { query { __typename } } }`
    const { errors } = await server().askAs(admin, text, { id: ann })
    expect(errors.length).toBeGreaterThan(0)
    expect(JSON.stringify(await list(admin, 'scripts/other'))).not.toContain('undone')
  })
})

test('long lists of sources and of records are not read again and again in one request', async () => {
  const times = (n: number, list: string) =>
    server().askAs(admin, `{ ${Array.from({ length: n }, (_, at) => `a${at}: ${list}`).join(' ')} }`)
  for (const [list, most] of [
    ['tenantScriptRuns { nodes { record } }', 1],
    ['tenantScripts(first: 100) { nodes { source } }', 16],
  ] as const) {
    expect((await times(most, list)).errors).toEqual([])
    expect((await times(most + 1, list)).errors[0]?.extensions).toMatchObject({ code: 'LIMIT', limit: 'maxRows' })
  }
})
