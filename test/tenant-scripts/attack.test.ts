import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { modelOf } from '../schema/written-app.ts'
import { type TestActor, useDatabase } from '../support/database.ts'
import { acme, ann, bob, globex, till, tillRows } from './till.ts'

const db = useDatabase()
beforeAll(async () => {
  const model = { ...(await modelOf(till)), app: db().name }
  await db().applyCatalog(buildCatalog(model))
  await db().asOwner((owner) => owner.query(tillRows))
  await publish(admin, 'scripts/price', 'one')
  await publish({ ...admin, tenant: globex, actor: bob }, 'scripts/price', 'of globex')
})

const admin: TestActor = { roles: ['admin'], tenant: acme, actor: ann }
const clerk: TestActor = { roles: ['clerk'], tenant: acme, actor: ann }

/** The first value of a statement as somebody. */
const ask = async (actor: TestActor, text: string, values: readonly unknown[] = []) => {
  const { rows } = await db().asActor(actor, (client) => client.query({ text, values: [...values], rowMode: 'array' }))
  return (rows as unknown as readonly unknown[][])[0]?.[0]
}
const publish = (actor: TestActor, name: string, source: string) =>
  ask(actor, 'select rowhouse_private.publish_script($1, $2, null)', [name, source])
type Choices = Readonly<Record<string, { readonly checksum: string }>>
const versionOf = (one: unknown) => (one as { readonly version: number }).version
const denied = { code: '42501' }

describe('who publishes by SQL', () => {
  test.each([
    ['a role that may not', clerk],
    ['nobody', { roles: null, tenant: acme, actor: null }],
    ['somebody without a role', { roles: [], tenant: acme, actor: ann }],
    ['a publisher of no tenant', { ...admin, tenant: null }],
    ['a publisher whom nobody vouches for', { ...admin, actor: null }],
  ] satisfies [string, TestActor][])('%s is refused', async (_, actor) => {
    await expect(publish(actor, 'scripts/price', 'mine')).rejects.toMatchObject(denied)
    await expect(ask(actor, `select rowhouse_private.choose_script('scripts/price', null)`)).rejects.toMatchObject(
      denied,
    )
    await expect(ask(actor, 'select rowhouse_private.script_versions(null, 100)')).rejects.toMatchObject(denied)
  })

  test('a role that includes one that may, may', async () => {
    const owner = { ...admin, roles: ['owner2'] }
    expect(await publish(owner, 'scripts/other', 'x')).toMatchObject({ version: 1, isActive: true, publishedBy: ann })
  })

  test('whoever runs scripts cannot read their versions, and the check itself is nobody’s to call', async () => {
    const one = `select rowhouse_private.script_version('scripts/price', 1)`
    await expect(ask(clerk, one)).rejects.toMatchObject(denied)
    expect(await ask(admin, one)).toMatchObject({ source: 'one' })
    await expect(ask(admin, 'select rowhouse_private.check_publisher()')).rejects.toMatchObject(denied)
  })

  test('no role of a request touches the tables', async () => {
    for (const table of ['script_version', 'script_choice', 'script_run'])
      for (const text of [
        `select 1 from rowhouse.${table}`,
        `delete from rowhouse.${table}`,
        `update rowhouse.${table} set name = 'x'`,
        `insert into rowhouse.${table} (tenant_id, name) values ('${acme}', 'x')`,
        `truncate rowhouse.${table}`,
      ])
        await expect(ask(admin, text)).rejects.toMatchObject(denied)
  })
})

describe('between tenants', () => {
  test('a publisher of one sees, runs and chooses nothing of another', async () => {
    const versions = JSON.stringify(await ask(admin, 'select rowhouse_private.script_versions(null, 100)'))
    expect(versions).not.toContain('of globex')
    const active = (await ask({ ...clerk, tenant: globex }, 'select rowhouse_private.script_choices()')) as object
    const [{ checksum: sum }] = Object.values(active) as [{ readonly checksum: string }]
    const source = 'select rowhouse_private.script_source($1, $2)'
    expect(await ask({ ...clerk, tenant: globex }, source, ['scripts/price', sum])).toBe('of globex')
    expect(await ask(clerk, source, ['scripts/price', sum])).toBe(null)
    await publish({ ...admin, tenant: globex }, 'scripts/globex', 'theirs')
    expect(await ask(admin, `select rowhouse_private.choose_script('scripts/globex', 1)`)).toBe(false)
    expect(await ask(admin, `select rowhouse_private.choose_script('scripts/globex', null)`)).toBe(false)
  })

  test('not even the functions’ owner reaches another tenant than the one that is said', async () => {
    const said = { 'rowhouse.tenant_id': acme }
    const count = `select count(*)::integer as count from rowhouse.script_version where tenant_id = '${globex}'`
    const { rows } = await db().asRole(db().names.private, (client) => client.query(count), said)
    expect(rows).toEqual([{ count: 0 }])
    const forge = `insert into rowhouse.script_choice (tenant_id, name) values ('${globex}', 'scripts/forged')`
    await expect(db().asRole(db().names.private, (client) => client.query(forge), said)).rejects.toMatchObject(denied)
  })
})

describe('versions', () => {
  test('are never changed or deleted, not even by the functions’ owner', async () => {
    const said = { 'rowhouse.tenant_id': acme }
    for (const text of ['update rowhouse.script_version set note = $$x$$', 'delete from rowhouse.script_version'])
      await expect(db().asRole(db().names.private, (client) => client.query(text), said)).rejects.toMatchObject(denied)
  })

  test('follow each other, each active at once; the same again is the same', async () => {
    const name = 'scripts/numbers'
    const active = async () =>
      ((await ask(clerk, 'select rowhouse_private.script_choices()')) as Choices)[name]?.checksum
    expect(await publish(admin, name, 'a')).toMatchObject({ version: 1 })
    const first = await active()
    expect(await publish(admin, name, 'a')).toMatchObject({ version: 1 })
    expect(await publish(admin, name, 'b')).toMatchObject({ version: 2 })
    expect(await active()).not.toBe(first)
    expect(await ask(admin, `select rowhouse_private.choose_script($1, 1)`, [name])).toBe(true)
    expect(await active()).toBe(first)
    expect(await ask(admin, `select rowhouse_private.choose_script($1, null)`, [name])).toBe(true)
    expect(await active()).toBe(undefined)
    expect(await ask(admin, `select rowhouse_private.choose_script($1, 3)`, [name])).toBe(false)
    // Nothing was lost.
    expect(await publish(admin, name, 'a')).toMatchObject({ version: 3 })
  })

  test('that several publish at once get numbers of their own', async () => {
    const made = await Promise.all(Array.from({ length: 6 }, (_, at) => publish(admin, 'scripts/race', `v${at}`)))
    expect(made.map(versionOf).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('have bounds', async () => {
    await expect(publish(admin, 'scripts/price', 'x'.repeat(65_537))).rejects.toMatchObject({ code: '23514' })
    await expect(publish(admin, '../price', 'x')).rejects.toMatchObject({ code: '23514' })
  })
})
