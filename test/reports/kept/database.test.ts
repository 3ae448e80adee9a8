import { describe, expect, test } from 'vitest'
import {
  buildCatalog,
  type Catalog,
  followModel,
  type MigrateOptions,
  migrate,
  migrationStatus,
  roleWords,
  writeFirstMigration,
} from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { useAppFolders } from '../../migrations/run/app-folder.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { folder } from './figures.ts'

const newFolder = useAppFolders()
const { model } = await loadModel(folder)

async function withDatabase(
  work: (db: TestDatabase, options: MigrateOptions, of: (change: Model) => Catalog) => Promise<void>,
): Promise<void> {
  const db = await createTestDatabase({ prepared: false, migrator: 'plain' })
  const of = (change: Model) => buildCatalog({ ...change, app: db.name })
  const appFolder = await newFolder()
  try {
    await work(
      db,
      { appFolder, migrateUrl: db.migratorUrl, names: db.names, catalog: of(model), roleSets: [['chief']] },
      of,
    )
  } finally {
    await db.close()
  }
}

/** The model with `Figure` computed by each read. */
const withoutRefresh: Model = {
  ...model,
  entities: model.entities.map((entity) =>
    entity.name === 'Figure' && entity.source.kind === 'report'
      ? {
          ...entity,
          source: { ...entity.source, refresh: null },
          fields: entity.fields.filter(({ name }) => name !== 'refreshedAt'),
        }
      : entity,
  ),
}

/** The model with a column less. */
const narrower: Model = {
  ...model,
  entities: model.entities.map((entity) =>
    entity.name === 'Figure' ? { ...entity, fields: entity.fields.filter(({ name }) => name !== 'latest') } : entity,
  ),
}

test('what migrating made is what it should be, and again nothing happens', async () => {
  await withDatabase(async (db, options) => {
    await writeFirstMigration(options.appFolder, options.catalog, 'initial')
    await migrate(options)
    expect(await migrate(options)).toEqual({ system: [], applied: [] })
    const status = { ...options, words: roleWords(db.names, options.catalog) }
    expect(await migrationStatus(db.migrator, status)).toMatchObject({ state: 'current', differences: [] })
  })
})

describe('what is done by hand is found, and undone by what the doctor says', () => {
  const tamperings: readonly (readonly [string, string])[] = [
    ['alter table app.figure__rows disable row level security', 'table app.figure__rows: row security should be "on"'],
    [
      'alter table app.figure__rows no force row level security',
      'table app.figure__rows: force row security should be',
    ],
    ['drop policy tenant on app.figure__rows', 'policy app.figure__rows tenant: missing'],
    ['alter policy shown on app.figure__rows to public', 'policy app.figure__rows shown: roles should be'],
    ['grant select on app.figure__rows to :CLERK', 'grant app.figure__rows select to :ROLE_CLERK: unexpected'],
    ['grant truncate on app.figure__rows to public', 'grant app.figure__rows truncate to public: unexpected'],
    ['revoke select on rowhouse_private.report_figure from :PRIVATE', 'grant rowhouse_private.report_figure select'],
    ['grant execute on function rowhouse_private.refresh_figure() to public', 'refresh_figure(): execute should be'],
    [
      `create or replace function rowhouse_private.refresh_figure() returns bigint language sql security definer set search_path = '' as 'select 1::bigint'`,
      'function rowhouse_private.refresh_figure()',
    ],
    ['drop function rowhouse_private.refresh_figure()', 'function rowhouse_private.refresh_figure(): missing'],
  ]

  test.each(tamperings)('%s', async (change, found) => {
    await withDatabase(async (db, options) => {
      await followModel(options)
      const words = roleWords(db.names, options.catalog)
      const names: Readonly<Record<string, string>> = {
        ':CLERK': `${db.names.prefix}_clerk`,
        ':PRIVATE': db.names.private,
      }
      const real = change.replaceAll(/:[A-Z]+/g, (word) => `"${names[word]!}"`)
      const role = real.includes('report_figure')
        ? db.names.reports
        : real.includes('refresh_figure')
          ? db.names.private
          : db.names.owner
      await db.migrator.query(`begin; set local role "${role}"; ${real}; commit`)
      const status = await migrationStatus(db.migrator, { ...options, words })
      expect(status.state).toBe('drifted')
      expect(status.reasons.join('\n')).toContain(found)
      for (const statement of status.repairs.flat()) await db.migrator.query(statement)
      expect((await migrationStatus(db.migrator, { ...options, words })).reasons).toEqual([])
    })
  })
})

test('a report gains and loses its rows, and changes its columns; nothing of it is destructive', async () => {
  await withDatabase(async (db, options, of) => {
    await followModel({ ...options, catalog: of(withoutRefresh) })
    const follow = async (next: Model) => {
      const { changes, followed } = await followModel({ ...options, catalog: of(next) })
      expect(followed).toBe(true)
      return changes.map(({ description }) => description)
    }
    expect(await follow(model)).toEqual([
      'table app.figure__rows: added',
      'function rowhouse_private.refresh_figure(): added',
      'view rowhouse_private.report_figure: changed',
      'view app.figure: changed',
    ])
    expect(await follow(model)).toEqual([])
    expect(await follow(narrower)).toEqual([
      'table app.figure__rows: removed',
      'table app.figure__rows: added',
      'function rowhouse_private.refresh_figure(): changed',
      'view rowhouse_private.report_figure: changed',
      'view app.figure: changed',
    ])
    expect(await follow(withoutRefresh)).toContain('table app.figure__rows: removed')
    const { rows } = await db.migrator.query(
      `select to_regclass('app.figure__rows') as rows, to_regproc('rowhouse_private.refresh_figure') as refresh`,
    )
    expect(rows).toEqual([{ rows: null, refresh: null }])
  })
})
