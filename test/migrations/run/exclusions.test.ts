import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { buildCatalog, followModel, migrate, readCatalog, roleWords, writeFirstMigration } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { ensureExtensions } from '../../../migrations/run/ensure-extensions.ts'
import { expectCatalogHeld } from '../../support/catalog-read-back.ts'
import { useDatabase } from '../../support/database.ts'

const { model } = await loadModel('test/fixtures/apps/lodge')
const catalog = buildCatalog(model)
const folder = mkdtempSync(join(tmpdir(), 'rowhouse-exclusions-'))
afterAll(() => rmSync(folder, { recursive: true }))

const poor = useDatabase({ migrator: 'plain' })
const db = useDatabase({ migrator: 'plain' })
const later = useDatabase({ migrator: 'plain' })

test('a migrator who may not make the extension is told what a superuser has to run', async () => {
  const client = poor().migrator
  await client.query(`revoke create on database ${poor().name} from current_user`)
  await expect(ensureExtensions(client, catalog)).rejects.toMatchObject({
    code: 'EXTENSION_MISSING',
    message: expect.stringContaining('permission denied'),
    hint: expect.stringContaining('create extension if not exists btree_gist with schema public;'),
  })
  // Nobody is asked for what nobody needs.
  const without = { ...catalog, tables: catalog.tables.filter(({ entity }) => entity === 'Room') }
  await ensureExtensions(client, without)
})

test('an ordinary migrator makes it; what was migrated is what the model says, value objects, periods and all', async () => {
  await writeFirstMigration(folder, catalog, 'Initial schema')
  const { names, migratorUrl } = db()
  const options = { appFolder: folder, migrateUrl: migratorUrl, names, catalog }
  expect((await migrate(options)).applied).toHaveLength(1)
  expect((await migrate(options)).applied).toEqual([])
  const found = await readCatalog(db().migrator, roleWords(names, catalog))
  const kinds = found.tables.find(({ name }) => name === 'shift')!.constraints.map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'exclude')).toHaveLength(2)
})

test.each([
  ['without the tenant', `(room_id with =, stay with &&) where (deleted_at is null and cancelled = false)`],
  ['among removed rows too', `(tenant_id with =, room_id with =, stay with &&) where (cancelled = false)`],
  [
    'checked at the end',
    `(tenant_id with =, room_id with =, stay with &&) where (deleted_at is null and cancelled = false) deferrable`,
  ],
])('a constraint that was made anew %s is found', async (_, definition) => {
  const client = db().migrator
  const { differencesHere } = await expectCatalogHeld(db(), catalog)
  const name = catalog.tables[0]!.constraints.find(({ kind }) => kind === 'exclude')!.name
  await client.query('begin')
  await client.query(`set local role "${db().names.owner}"`)
  await client.query(`alter table app.booking drop constraint ${name}`)
  const gone = await differencesHere(client)
  await client.query(`alter table app.booking add constraint ${name} exclude using gist ${definition}`)
  const changed = await differencesHere(client)
  await client.query('rollback')
  expect(gone).toEqual([`constraint app.booking ${name}: missing`])
  expect(changed.join('\n')).toContain(`constraint app.booking ${name}: definition should be`)
})

test('a model that comes to keep periods apart is followed where a new column brings them', async () => {
  const { names, migratorUrl } = later()
  const app: Model = { ...model, app: names.prefix }
  const days = ['firstDay', 'lastDay']
  const entities = app.entities.map((entity) => ({ ...entity, noOverlap: entity.noOverlap.slice(1) }))
  const older = entities.map((entity) => ({
    ...entity,
    fields: entity.fields.filter(({ name }) => !days.includes(name)),
    noOverlap: [],
  }))
  const [before, after] = [buildCatalog({ ...app, entities: older }), buildCatalog({ ...app, entities })]
  const options = { appFolder: join(folder, 'none'), migrateUrl: migratorUrl, names }
  await followModel({ ...options, catalog: before })
  const result = await followModel({ ...options, catalog: after })
  expect(result.followed).toBe(true)
  expect(result.changes.map(({ description }) => description)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^constraint app\.shift shift_first_day_last_day_\w+_excl: added/)]),
  )
})
