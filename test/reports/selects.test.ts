import { describe, expect, test } from 'vitest'
import { formatProblem, ModelError } from '#base'
import { buildCatalog, migrate, writeFirstMigration } from '#migrations'
import { loadModel } from '#policies'
import { useAppFolders } from '../migrations/run/app-folder.ts'
import { entitiesOnly, withApp } from '../schema/written-app.ts'
import { createTestDatabase } from '../support/database.ts'

const newFolder = useAppFolders()

const schema = `export const Store = entity('Store', { fields: { name: string() } })
export const Sale = entity('Sale', { fields: { soldOn: date(), amount: money({ currency: 'EUR' }) }, relations: { store: one('Store') } })
export const Figure = entity('Figure', {
  sql: 'reports/figures.sql', key: 'store', fields: { total: money({ currency: 'EUR' }), count: int() }, relations: { store: one('Store') },
})`

/** What migrating says of a report with this select; null when it is made. */
async function said(text: string, before = ''): Promise<readonly string[] | null> {
  const db = await createTestDatabase({ prepared: false, migrator: 'plain' })
  try {
    if (before !== '') await db.migrator.query(before)
    return await withApp({ ...entitiesOnly(schema), 'reports/figures.sql': text }, async (folder) => {
      const { model, sourceOf } = await loadModel(folder)
      const catalog = buildCatalog({ ...model, app: db.name })
      const appFolder = await newFolder()
      await writeFirstMigration(appFolder, catalog, 'initial')
      try {
        await migrate({ appFolder, migrateUrl: db.migratorUrl, names: db.names, catalog, roleSets: [] })
        return null
      } catch (error) {
        if (!(error instanceof ModelError)) throw error
        // Nothing of the app was made.
        expect((await db.migrator.query("select to_regclass('app.store') as made")).rows).toEqual([{ made: null }])
        return error.problems.map((problem) => formatProblem(problem, sourceOf))
      }
    })
  } finally {
    await db.close()
  }
}

const sums = 'select store_id, sum(amount) as total, count(*)::int as count from sale group by store_id'
const from = (more: string) => `select s.id as store_id, 1.5 as total, 1 as count from store s ${more}`

test('a select that yields more than is declared, of narrower types, is made', async () => {
  expect(
    await said(`select s.id as store_id, s.name, 1::numeric(5, 1) as total, 1::smallint as count from store s`),
  ).toBe(null)
})

test('what Postgres does not understand is shown where it stands in the file', async () => {
  const [text] = (await said('-- Figures. ä€😀\nselect store_id, sum(amont) as total\nfrom sale group by 1')) ?? []
  expect(text).toContain('REPORT_SQL_INVALID  reports/figures.sql:2:22')
  expect(text).toContain('> 2 | select store_id, sum(amont) as total')
  expect(text).toMatch(/column "amont" does not exist/)
})

test('every column that is missing or of another type is told, with what there is', async () => {
  const problems =
    (await said('select store_id, sum(amount)::text as total, count(*) as cont from sale group by 1')) ?? []
  expect(problems.join('\n')).toContain('REPORT_COLUMN_DIFFERS  reports/figures.sql:1:1')
  expect(problems).toHaveLength(2)
  expect(problems[0]).toMatch(
    /"Figure" wants a column "count" \(integer\), and the select yields "store_id", "total", "cont"/,
  )
  expect(problems[0]).toContain('Did you mean "cont"?')
  expect(problems[1]).toMatch(/Column "total" of "Figure" is numeric\(19,2\), and the select yields text/)
})

describe('a select is refused', () => {
  test.each([
    ['that writes', `with gone as (delete from sale returning *) ${sums}`, 'REPORT_SQL_INVALID', /data-modifying/],
    ['that makes a table', sums.replace(' from', ' into app.other from'), 'REPORT_SQL_INVALID', /./],
    [
      'that calls what does something',
      from("where set_config('rowhouse.tenant_id', 'x', true) is not null"),
      'REPORT_SQL_REFUSED',
      /calls "set_config\(text,text,boolean\)"/,
    ],
    ['that waits', from("where pg_sleep(1)::text = ''"), 'REPORT_SQL_REFUSED', /pg_sleep/],
    ['that hides such a call in an order', `${from('')} order by random()`, 'REPORT_SQL_REFUSED', /random/],
    [
      'that asks who is asking',
      from('where rowhouse.actor_id() is null'),
      'REPORT_SQL_REFUSED',
      /permission denied for schema rowhouse/,
    ],
    [
      'that reads private things',
      from('cross join rowhouse.tenant t'),
      'REPORT_SQL_REFUSED',
      /permission denied for schema rowhouse/,
    ],
    [
      'that reads what Postgres knows',
      from('cross join pg_catalog.pg_roles r'),
      'REPORT_SQL_REFUSED',
      /reads "pg_catalog.pg_roles"/,
    ],
    ['that reads tables of others', from('cross join public.other o'), 'REPORT_SQL_REFUSED', /reads "public.other"/],
    [
      'that calls what decides rules',
      from('where rowhouse_private.may_read_store(s.id)'),
      'REPORT_SQL_REFUSED',
      /runs with the rights of somebody else/,
    ],
    ['that locks', from('for update of s'), 'REPORT_SQL_REFUSED', /locks rows/],
  ] as const)('%s', async (_, text, code, message) => {
    const problems = (await said(text, 'create table public.other (x int)')) ?? []
    expect(problems.join('\n')).toContain(code)
    expect(problems.join('\n')).toMatch(message)
  })

  test('that calls a function with the rights of somebody else', async () => {
    const before =
      "create function public.peek() returns bigint stable security definer language sql as 'select count(*) from pg_class'"
    const problems = (await said(from('where public.peek() > 0'), before)) ?? []
    expect(problems.join('\n')).toMatch(/REPORT_SQL_REFUSED[\s\S]*runs with the rights of somebody else/)
  })
})
