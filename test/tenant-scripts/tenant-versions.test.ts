import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { RequestPool } from '../../server/postgres/pool.ts'
import type { RequestSettings } from '../../server/postgres/with-pg-client.ts'
import { blotOut, type KeptRun, RunRecorder } from '../../server/tenant-scripts/run-recorder.ts'
import { TenantVersions } from '../../server/tenant-scripts/tenant-versions.ts'
import { modelOf } from '../schema/written-app.ts'
import { useDatabase } from '../support/database.ts'
import { acme, ann, globex, till, tillRows } from './till.ts'

const db = useDatabase()
let pool: RequestPool
let roles: { readonly clerk: string; readonly admin: string }
beforeAll(async () => {
  const model = { ...(await modelOf(till)), app: db().name }
  await db().applyCatalog(buildCatalog(model))
  const [clerk, admin] = await db().ensureRoleSets([['clerk'], ['admin']])
  roles = { clerk: clerk!, admin: admin! }
  await db().asOwner((owner) => owner.query(tillRows))
  pool = new RequestPool({ connectionString: db().loginUrl, max: 3 })
})
afterAll(() => pool.close())

const settings = (role: 'clerk' | 'admin', tenant: string | null = acme): RequestSettings => ({
  ...{ role: roles[role], 'rowhouse.tenant_id': tenant ?? '', 'rowhouse.actor_id': ann },
})
const app = { name: 'scripts/price', checksum: 'of the app', code: 'app' }
let compiled: string[] = []
const versionsOf = () =>
  new TenantVersions((name, source) => {
    compiled.push(source)
    return { name, checksum: 'compiled', code: source }
  })
const publisher = async (text: string, values: readonly unknown[], tenant = acme) => {
  await pool.withPgClient(settings('admin', tenant), (client) => client.query({ text, values }))
}
const publish = (source: string, tenant = acme) =>
  publisher('select rowhouse_private.publish_script($1, $2, null)', [app.name, source], tenant)
const rollBack = (version: number | null) =>
  publisher('select rowhouse_private.choose_script($1, $2)', [app.name, version])
/** What runs in a request of its own. */
const runs = async (versions: ReturnType<typeof versionsOf>, tenant: string | null = acme) => {
  const { script, version } = await pool.withPgClient(settings('clerk', tenant), (client) =>
    versions.choose(client, {}, app),
  )
  return [script.code, version]
}

describe('what runs', () => {
  test('is what the tenant published last, on every process, without a word between them', async () => {
    const [one, other] = [versionsOf(), versionsOf()]
    expect([await runs(one), await runs(other)]).toEqual([
      ['app', null],
      ['app', null],
    ])
    await publish('first')
    expect([await runs(one), await runs(other)]).toEqual([
      ['first', 1],
      ['first', 1],
    ])
    await publish('second')
    expect([await runs(one), await runs(other)]).toEqual([
      ['second', 2],
      ['second', 2],
    ])
    await rollBack(1)
    expect(await runs(one)).toEqual(['first', 1])
    await rollBack(null)
    expect(await runs(other)).toEqual(['app', null])
  })

  test('is compiled once', async () => {
    await rollBack(2)
    compiled = []
    const versions = versionsOf()
    for (let times = 0; times < 3; times++) await runs(versions)
    expect(compiled).toEqual(['second'])
  })

  test('is the app’s for other tenants, and for whoever has none', async () => {
    const versions = versionsOf()
    await rollBack(2)
    expect(await runs(versions)).toEqual(['second', 2])
    expect(await runs(versions, globex)).toEqual(['app', null])
    expect(await runs(versions, null)).toEqual(['app', null])
  })

  test('stays the same for a request from its first run to its last, whatever is published meanwhile', async () => {
    const versions = versionsOf()
    await rollBack(1)
    const request = {}
    await pool.withPgClient(settings('clerk'), async (client) => {
      expect((await versions.choose(client, request, app)).version).toBe(1)
      await publish('meanwhile')
      expect((await versions.choose(client, request, app)).version).toBe(1)
      versions.forget(request)
      expect((await versions.choose(client, request, app)).script.code).toBe('meanwhile')
    })
  })

  test('is nothing that is not kept', async () => {
    await rollBack(1)
    const undone = pool.withPgClient(settings('admin'), async (client) => {
      const values = [app.name, 'undone']
      await client.query({ text: 'select rowhouse_private.publish_script($1, $2, null)', values })
      expect(await runs(versionsOf())).toEqual(['first', 1])
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await runs(versionsOf())).toEqual(['first', 1])
  })
})

describe('recorded runs', () => {
  const checksum = 'a'.repeat(64)
  const run = (output: unknown, more: Partial<KeptRun> = {}): KeptRun => ({
    ...{ name: app.name, version: 1, checksum, ended: 'output', ms: 1.4, record: { output }, secrets: [] },
    ...more,
  })
  const list = async (tenant = acme) => {
    const text = 'select rowhouse_private.script_runs($1, 100) as all'
    const { rows } = await pool.withPgClient(settings('admin', tenant), (client) =>
      client.query<{ all: { readonly record: { readonly output: unknown } }[] }>({ text, values: [app.name] }),
    )
    return rows[0]!.all
  }
  const recorder = () => new RunRecorder(pool, (error) => expect.unreachable(String(error)))
  const switchTo = (records: boolean, tenant = acme) =>
    publisher('select rowhouse_private.record_script($1, $2)', [app.name, records], tenant)

  test('are kept where the tenant says so, and nowhere else', async () => {
    const keeper = recorder()
    keeper.keep(settings('clerk'), run('not yet'))
    await keeper.idle()
    await switchTo(true)
    keeper.keep(settings('clerk'), run('kept'))
    keeper.keep(settings('clerk', globex), run('of another'))
    await keeper.idle()
    await switchTo(false)
    keeper.keep(settings('clerk'), run('no more'))
    await keeper.idle()
    expect(await list()).toMatchObject([
      { name: app.name, version: 1, checksum, ended: 'output', ms: 1, ranBy: ann, record: { output: 'kept' } },
    ])
    expect(await list(globex)).toEqual([])
  })

  test('are a hundred at most, the last ones, and none is too long', async () => {
    await switchTo(true)
    const keeper = recorder()
    for (let at = 0; at < 110; at++) {
      keeper.keep(settings('clerk'), run(at))
      await keeper.idle()
    }
    keeper.keep(settings('clerk'), run('x'.repeat(600_000)))
    await keeper.idle()
    const kept = (await list()).map(({ record }) => record.output)
    expect(kept).toEqual(Array.from({ length: 100 }, (_, at) => 109 - at))
  })

  test('beyond twenty that wait are not recorded, and nobody waits for them', async () => {
    await switchTo(true)
    const keeper = recorder()
    for (let at = 0; at < 40; at++) keeper.keep(settings('clerk'), run(`of forty ${at}`))
    await keeper.idle()
    const kept = (await list()).filter(({ record }) => String(record.output).startsWith('of forty'))
    expect(kept).toHaveLength(20)
  })

  test('hold no secret, however it came in', () => {
    const secrets = ['s3cr"et', 's3cr"et-long', '1']
    const record = { calls: [{ values: ['a s3cr"et b', 's3cr"et-long'] }], 's3cr"et': 1, n: 1, zero: 'a\0b' }
    expect(JSON.parse(blotOut(record, secrets))).toEqual({
      ...{ calls: [{ values: ['a [secret] b', '[secret]'] }], '[secret]': 1, n: 1, zero: 'ab' },
    })
  })
})
