import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Bug, RequestError, type Rows } from '#base'
import { buildCatalog } from '#migrations'
import {
  type CompiledScript,
  compileScript,
  openScriptPool,
  type RunRecord,
  replayRun,
  type ScriptPool,
} from '#scripts'
import { RequestPool } from '../../server/postgres/pool.ts'
import type { RequestSettings } from '../../server/postgres/with-pg-client.ts'
import { compilePublished, publishableScripts } from '../../server/tenant-scripts/publishable-scripts.ts'
import { RunRecorder } from '../../server/tenant-scripts/run-recorder.ts'
import { runTenantScript } from '../../server/tenant-scripts/run-tenant-script.ts'
import { TenantVersions } from '../../server/tenant-scripts/tenant-versions.ts'
import { modelOf } from '../schema/written-app.ts'
import { useDatabase } from '../support/database.ts'
import { acme, ann, globex, till, tillRows } from './till.ts'

const scriptOf = (body: string) => `import { script } from 'rowhouse/scripts'\nexport default script(${body})\n`
const compiled = (source: string): CompiledScript => compileScript('scripts/price', source).script!
const own = compiled(scriptOf('async ({ input }) => ({ cents: input.cents })'))
const half = scriptOf('async ({ input }: { input: { cents: number } }) => ({ cents: input.cents / 2 })')

const db = useDatabase()
let requests: RequestPool
let scripts: ScriptPool
let recorder: RunRecorder
const versions = new TenantVersions(compilePublished)
let roles: readonly string[]
beforeAll(async () => {
  const model = { ...(await modelOf(till)), app: db().name }
  await db().applyCatalog(buildCatalog(model))
  roles = await db().ensureRoleSets([['clerk'], ['admin']])
  await db().asOwner((owner) => owner.query(tillRows))
  requests = new RequestPool({ connectionString: db().loginUrl, max: 4 })
  scripts = openScriptPool({ threads: 4, threadsOfTenant: 4, waitMs: 60_000, graceMs: 60_000 })
  recorder = new RunRecorder(requests, (error) => expect.unreachable(String(error)))
})
afterAll(async () => {
  await scripts.close()
  await recorder.idle()
  await requests.close()
})

const settings = (role: 0 | 1, tenant = acme): RequestSettings => ({
  ...{ role: roles[role]!, 'rowhouse.tenant_id': tenant, 'rowhouse.actor_id': ann },
})
const admin = async (text: string, values: readonly unknown[]) =>
  (await requests.withPgClient(settings(1), (client) => client.query({ text: `select ${text} as is`, values })))
    .rows[0]!.is
const publish = (source: string) => admin('rowhouse_private.publish_script($1, $2, null)', ['scripts/price', source])
const refuse = () => Promise.reject(new Bug('No rows here.'))
const noRows: Rows = {
  ...{ find: refuse, get: refuse, create: refuse, update: refuse },
  ...{ remove: refuse, restore: refuse, delete: refuse, act: refuse },
}
const run = (tenant = acme, db: Partial<Rows> = {}, undone = false) =>
  requests.withPgClient(settings(0, tenant), async (client) => {
    const request = {}
    const host = { db: { ...noRows, ...db }, secrets: { KEY: { value: 'the-secret', hosts: [] } } }
    const call = { tenant, input: { cents: 100 }, now: new Date(), host, limits: { timeMs: 60_000 } }
    const tenantScripts = { versions, recorder }
    const outcome = await runTenantScript({ pool: scripts, client, request, script: own, call, tenantScripts })
    if (undone) throw new RequestError('CONFLICT', 'undone')
    return outcome
  })

describe('a tenant’s own script', () => {
  test('runs in the place of the app’s, for that tenant, until it is withdrawn', async () => {
    expect(await run()).toMatchObject({ output: { cents: 100 } })
    await publish(half)
    expect(await run()).toMatchObject({ output: { cents: 50 } })
    expect(await run(globex)).toMatchObject({ output: { cents: 100 } })
    await admin('rowhouse_private.choose_script($1, null)', ['scripts/price'])
    expect(await run()).toMatchObject({ output: { cents: 100 } })
  })

  test('runs with the rows of whoever causes it, whoever wrote it', async () => {
    await publish(scriptOf(`async ({ db }) => ({ found: (await db.find('Sale')).length })`))
    const asked: string[] = []
    const find: Rows['find'] = async (entity) => {
      asked.push(entity)
      return []
    }
    expect(await run(acme, { find })).toMatchObject({ output: { found: 0 } })
    expect(asked).toEqual(['Sale'])
  })

  test('that is swapped while runs are in flight ends each run as it began', async () => {
    const source = (n: number) => scriptOf(`async ({ db }) => { await db.find('Sale'); return { n: ${n} } }`)
    await publish(source(0))
    let go = () => {}
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    let waiting = 0
    const both = new Promise<void>((resolve) => {
      const find: Rows['find'] = async () => {
        if (++waiting === 2) resolve()
        await gate
        return []
      }
      inFlight = [run(acme, { find }), run(acme, { find })]
    })
    await both
    await publish(source(1))
    go()
    expect(await Promise.all(inFlight)).toMatchObject([{ output: { n: 0 } }, { output: { n: 0 } }])
    expect(await run(acme, { find: async () => [] })).toMatchObject({ output: { n: 1 } })
  })
  let inFlight: Promise<unknown>[] = []

  test('reaches nothing but what it is handed', async () => {
    const reach = '[typeof process, typeof require, typeof fetch, typeof globalThis.process, typeof WebAssembly]'
    await publish(scriptOf(`async (c) => [...${reach}, Object.keys(c.secrets ?? {}).includes('the-secret')]`))
    const outcome = await run()
    expect(outcome).toMatchObject({ output: [...Array(5).fill('undefined'), false] })
    const flight = `async () => (async () => {}).constructor('return globalThis.process ?? globalThis.require')()`
    await publish(scriptOf(flight))
    expect(JSON.stringify(await run())).not.toContain('argv')
  })
})

describe('a source', () => {
  const check = (source: string) => publishableScripts(new Map([[own.name, own]])).check('scripts/price', source)

  test('is read as the app’s are', async () => {
    await check(half)
    expect(publishableScripts(new Map([[own.name, own]])).names).toEqual(['scripts/price'])
  })

  test.each([
    ["import fs from 'node:fs'\nexport default 1", 'Line 1, column 16', 'SCRIPT_IMPORT_REFUSED'],
    [
      "export default script(async () => {\n  await import('node:fs')\n})",
      'Line 2, column 16',
      'SCRIPT_IMPORT_REFUSED',
    ],
    ["export * from '../server.ts'\nexport default 1", 'Line 1', 'SCRIPT_IMPORT_REFUSED'],
    ['export default script(async () => {', 'Line 1', 'FILE_SYNTAX_INVALID'],
    ['enum A { B }\nexport default 1', 'Line 1', 'SCRIPT_SYNTAX_UNSUPPORTED'],
    ['const a = 1', 'Line 1', 'SCRIPT_DEFAULT_MISSING'],
  ])('that is wrong is told with its place: %s', async (source, place, code) => {
    let error: unknown
    try {
      await check(source)
    } catch (caught) {
      error = caught
    }
    expect(error).toBeInstanceOf(RequestError)
    const { message, extensions } = error as RequestError
    expect(message).toContain(place)
    expect(extensions).toMatchObject({ fields: ['source'], problems: [{ code }] })
  })

  test.each([
    ['brackets', `export default ${'('.repeat(30_000)}1${')'.repeat(30_000)}`],
    ['blocks', `export default 1\n${'{'.repeat(30_000)}${'}'.repeat(30_000)}`],
    ['comparisons', `export default a${'<a'.repeat(30_000)}`],
  ])('that is nested too deep ends no server: %s', async (_, source) => {
    await expect(check(source)).rejects.toMatchObject({ code: 'VALIDATION' })
  })
})

describe('a recorded run', () => {
  const recorded = async () => {
    await recorder.idle()
    const all = await admin('rowhouse_private.script_runs($1, 1)', ['scripts/price'])
    return (
      all as readonly { readonly ended: string; readonly version: number | null; readonly record: RunRecord }[]
    )[0]
  }

  test('is kept also where its change was undone, and replayed to the same end', async () => {
    const source = scriptOf(`async ({ db, raise, now }) => {
  const [sale] = await db.find('Sale', { where: { cents: 1 } })
  if (sale.item === 'pen') raise('PEN', 'No pens at ' + now + ' ' + Math.random())
}`)
    await publish(source)
    await admin('rowhouse_private.record_script($1, true)', ['scripts/price'])
    const find: Rows['find'] = async () => [{ item: 'pen', memo: 'the-secret came back' }]
    await expect(run(acme, { find }, true)).rejects.toThrow('undone')
    const kept = (await recorded())!
    expect(kept).toMatchObject({ ended: 'raised', version: expect.any(Number), record: { script: 'scripts/price' } })
    expect(JSON.stringify(kept)).not.toContain('the-secret')
    const again = await replayRun(scripts, compiled(source), kept.record)
    expect(again).toMatchObject(kept.record.end)
  })

  test('of the app’s own script is kept as well', async () => {
    await admin('rowhouse_private.choose_script($1, null)', ['scripts/price'])
    await run()
    expect(await recorded()).toMatchObject({
      ended: 'output',
      version: null,
      record: { end: { output: { cents: 100 } } },
    })
  })
})
