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
import { useAppFolders } from '../migrations/run/app-folder.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { folder } from './stores.ts'

const newFolder = useAppFolders()
const { model } = await loadModel(folder)

async function withDatabase(
  work: (db: TestDatabase, options: MigrateOptions, of: (change: Model) => Catalog) => Promise<void>,
): Promise<void> {
  const db = await createTestDatabase({ prepared: false, migrator: 'plain' })
  const of = (change: Model) => buildCatalog({ ...change, app: db.name })
  const appFolder = await newFolder()
  const roleSets = [['chief']]
  try {
    await work(db, { appFolder, migrateUrl: db.migratorUrl, names: db.names, catalog: of(model), roleSets }, of)
  } finally {
    await db.close()
  }
}

/** The model with another select, or without some entities. */
const withSql = (name: string, sql: string): Model => ({
  ...model,
  entities: model.entities.map((entity) =>
    entity.name === name && entity.source.kind === 'report' ? { ...entity, source: { ...entity.source, sql } } : entity,
  ),
})

const without = (names: readonly string[]): Model => ({
  ...model,
  entities: model.entities
    .filter(({ name }) => !names.includes(name))
    .map((entity) => ({
      ...entity,
      relations: entity.relations.filter((relation) => relation.kind === 'oneOf' || !names.includes(relation.to)),
    })),
  policies: model.policies.filter(({ entity }) => !names.includes(entity)),
})

test('what migrating made is what it should be, and again nothing happens', async () => {
  await withDatabase(async (db, options) => {
    await writeFirstMigration(options.appFolder, options.catalog, 'initial')
    expect(await migrate(options)).toMatchObject({ applied: ['000001-initial.sql'] })
    expect(await migrate(options)).toEqual({ system: [], applied: [] })
    const words = roleWords(db.names, options.catalog)
    const status = { ...options, words }
    expect(await migrationStatus(db.migrator, status)).toMatchObject({ state: 'current', differences: [] })
  })
})

describe('what is done by hand is found, and undone by what the doctor says', () => {
  const tamperings: readonly (readonly [string, string])[] = [
    [
      `grant select on rowhouse_private.report_sales_by_store to public`,
      'grant rowhouse_private.report_sales_by_store select to public: unexpected',
    ],
    [`grant select on app.sales_by_store to :CLERK`, 'grant app.sales_by_store select to :ROLE_CLERK: unexpected'],
    [
      `alter view app.sales_by_store set (security_barrier = false)`,
      'view app.sales_by_store: security barrier should be "on", but is "off"',
    ],
    [`alter view app.sales_by_store owner to :ADMIN`, 'view app.sales_by_store: owner should be ":OWNER", but is'],
    [`comment on view app.monthly is 'x'`, 'view app.monthly: comment should be null, but is "x"'],
    [
      `create or replace view app.monthly with (security_barrier) as select month, kind, total, store_id from rowhouse_private.report_monthly`,
      'view app.monthly: definition should be',
    ],
    [
      `create or replace view rowhouse_private.report_monthly as select store_id, sold_on as month, kind, amount::numeric as total from app.sale`,
      'view rowhouse_private.report_monthly: definition should be',
    ],
    [`drop view app.monthly`, 'view app.monthly: missing'],
    [`drop policy reports on app.sale`, 'policy app.sale reports: missing'],
    [`alter policy reports on app.sale using (true)`, 'policy app.sale reports: using should be'],
    [`grant insert on app.sale to :REPORTS`, 'grant app.sale insert to :REPORTS: unexpected'],
  ]

  test.each(tamperings)('%s', async (change, found) => {
    await withDatabase(async (db, options) => {
      await followModel(options)
      const words = roleWords(db.names, options.catalog)
      const { rows } = await db.migrator.query('select current_user::text as name')
      const names: Readonly<Record<string, string>> = {
        ':CLERK': `${db.names.prefix}_clerk`,
        ':REPORTS': db.names.reports,
        ':ADMIN': rows[0].name,
      }
      const real = change.replaceAll(/:[A-Z]+/g, (word) => `"${names[word]!}"`)
      await db.migrator.query(statements(real, db, rows[0].name))
      const status = await migrationStatus(db.migrator, { ...options, words })
      expect(status.state).toBe('drifted')
      expect(status.reasons.join('\n')).toContain(found)
      for (const statement of status.repairs.flat()) await db.migrator.query(statement)
      if (real.includes('owner to')) await db.migrator.query(`revoke create on schema app from "${rows[0].name}"`)
      expect((await migrationStatus(db.migrator, { ...options, words })).reasons).toEqual([])
    })
  })
})

/** By whoever may: owners of views make them where they may make something. */
function statements(change: string, { names }: TestDatabase, admin: string): string {
  if (change.includes('owner to')) return `grant create on schema app to "${admin}"; ${change}`
  if (!change.includes('view rowhouse_private.'))
    return `begin; set local role "${change.includes('rowhouse_private.report_sales_by_store') ? names.reports : names.owner}"; ${change}; commit`
  const [owner, maker] = [`set local role "${names.private}"`, `set local role "${names.reports}"`]
  const create = (word: string, to: string) => `${word} create on schema rowhouse_private ${to} "${names.reports}"`
  return ['begin', owner, create('grant', 'to'), maker, change, owner, create('revoke', 'from'), 'commit'].join('; ')
}

describe('in development', () => {
  test('another select, another column and another rule are followed, and a report comes and goes', async () => {
    await withDatabase(async (db, options, of) => {
      await followModel({ ...options, catalog: of(without(['SalesByStore', 'SalesByMonth'])) })
      const follow = async (next: Model) => {
        const { changes, followed } = await followModel({ ...options, catalog: of(next) })
        expect(followed).toBe(true)
        return changes.map(({ description }) => description)
      }
      expect(await follow(model)).toContain('view app.sales_by_store: added')
      expect(await follow(model)).toEqual([])
      const other = withSql(
        'SalesByMonth',
        `-- Another.\nselect store_id, sold_on as month, kind, sum(amount) as total from sale group by 1, 2, 3`,
      )
      expect(await follow(other)).toEqual([
        'view rowhouse_private.report_monthly: changed',
        'view app.monthly: changed',
      ])
      // A column under it.
      const sale = other.entities.find(({ name }) => name === 'Sale')!
      const loose = sale.fields.map((field) => (field.name === 'kind' ? { ...field, note: 'How.' } : field))
      const optional: Model = {
        ...other,
        entities: other.entities.map((entity) => (entity.name === 'Sale' ? { ...sale, fields: loose } : entity)),
      }
      expect(await follow(optional)).toContain('view app.sales_by_store: changed')
      expect(await follow(without(['SalesByStore']))).toContain('view app.sales_by_store: removed')
      const last = await follow(without(['SalesByStore', 'SalesByMonth']))
      expect(last).toContain('role :REPORTS: no longer used')
      expect(last).toContain('policy app.sale reports: removed')
      const { rows } = await db.migrator.query(
        `select has_schema_privilege($1, 'app', 'usage') or has_table_privilege($1, 'app.sale', 'select') as sees`,
        [db.names.reports],
      )
      expect(rows).toEqual([{ sees: false }])
      expect(await follow(model)).toContain('view app.sales_by_store: added')
    })
  })
})
