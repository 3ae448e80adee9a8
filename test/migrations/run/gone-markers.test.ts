import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { canonicalJson } from '#base'
import { buildCatalog, diffCatalogs, followModel, migrate, renderAdditions, writeFirstMigration } from '#migrations'
import { snapshotFile } from '../../../migrations/run/catalog-snapshot.ts'
import { calculateHash, graphileMigrate } from '../../../migrations/run/graphile-migrate.ts'
import { createTestDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'
import { useAppFolders } from './app-folder.ts'

const newFolder = useAppFolders()

/** Lines are seen with their orders, which agents see. @param who sees such lines */
function modelFor(who: string) {
  return m.makeModel({
    entities: {
      Order: { fields: { number: m.text() } },
      Line: { fields: { text: m.text() }, relations: { order: m.one('Order') } },
    },
    roles: { agent: [], viewer: [], admin: [] },
    policies: {
      Order: [m.allow('agents see orders', 'agent', ['read'])],
      Line: [m.allow('as their orders', who, ['read'], { where: m.path('order', m.may('read')) })],
    },
  })
}
const before = buildCatalog(modelFor('viewer'))
const between = buildCatalog(modelFor('not admin'))
const after = buildCatalog(modelFor('agent'))

test('markers of rules that are gone: no change loses anything by it', () => {
  for (const [from, to] of [
    [before, between],
    [between, after],
    [before, after],
  ] as const) {
    const changes = diffCatalogs(from, to)
    expect(changes.filter((change) => change.class === 'destructive')).toEqual([])
    expect(changes.map(({ description }) => description)).toContainEqual(
      expect.stringMatching(/^role :(NOT|BOTH)_\w+: no longer used$/),
    )
  }
})

test('a new database goes the whole way, over migrations that name them', async () => {
  const db = await createTestDatabase({ prepared: false, migrator: 'plain' })
  try {
    const appFolder = await newFolder()
    await writeFirstMigration(appFolder, before, 'first')
    const first = await readFile(join(appFolder, 'migrations/committed/000001-first.sql'), 'utf8')
    const second = renderAdditions(diffCatalogs(before, between))
    const third = renderAdditions(diffCatalogs(between, after))
    let previous = /^--! Hash: (.+)$/m.exec(first)![1]!
    for (const [at, body] of [second, third].entries()) {
      const hash = calculateHash(body, previous)
      const text = graphileMigrate.serializeMigration(body, { Previous: previous, Hash: hash })
      await writeFile(join(appFolder, `migrations/committed/00000${at + 2}.sql`), text)
      previous = hash
    }
    await writeFile(join(appFolder, snapshotFile), canonicalJson(after))
    const options = {
      appFolder,
      migrateUrl: db.migratorUrl,
      names: db.names,
      catalog: after,
      roleSets: [['agent'], ['viewer'], ['agent', 'viewer'], ['agent', 'admin']],
      loginPassword: new URL(db.loginUrl).password,
    }
    expect((await migrate(options)).applied).toHaveLength(3)
    expect(await migrate(options)).toMatchObject({ applied: [] })
    expect(await followModel(options)).toMatchObject({ changes: [], followed: true })
    const { rows } = await db.migrator.query(`select rolname from pg_roles where rolname ~ $1 order by 1`, [
      `^${db.names.prefix}_(not|both)_`,
    ])
    expect(rows.map(({ rolname }) => rolname.slice(db.names.prefix.length))).toEqual([
      '_both_agent__not_admin',
      '_both_agent__viewer',
      '_not_admin',
    ])
  } finally {
    await db.close()
  }
})
