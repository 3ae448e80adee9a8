import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root, runRowhouse } from '../../cli/support/run-rowhouse.ts'
import { useDatabase } from '../../support/database.ts'
import { acme, folder, globex, north, south } from './figures.ts'

const db = useDatabase({ migrator: 'plain' })
let parent = ''
let app = ''

const seed = `import { defineSeed } from 'rowhouse'

const sale = (id: string, store: string) => ({ id, store, label: id.slice(-2), soldOn: '2026-01-01', amount: '1.00' })
export const seed = defineSeed(() => ({
  tenants: [
    { id: '${acme}', slug: 'acme', name: 'Acme', rows: {
      Store: [{ id: '${north}', name: 'North', region: 'north' }],
      Sale: [sale('00000000-0000-7000-8000-000000000160', '${north}')],
    } },
    { id: '${globex}', slug: 'globex', name: 'Globex', rows: { Store: [{ id: '${south}', name: 'South', region: 'south' }] } },
  ],
}))
`

beforeAll(() => {
  mkdirSync(join(root, '.tmp'), { recursive: true })
  parent = mkdtempSync(join(root, '.tmp', 'figures-'))
  // The name of the folder is the name of the app, and so of its roles.
  app = join(parent, db().names.prefix)
  cpSync(folder, app, { recursive: true, filter: (path) => !path.includes('.rowhouse') })
  writeFileSync(join(app, 'seed.ts'), seed)
})
afterAll(() => rmSync(parent, { recursive: true, force: true }))

const run = (...args: readonly string[]) =>
  runRowhouse(args, { env: { DATABASE_URL: db().loginUrl, ROWHOUSE_MIGRATE_URL: db().migratorUrl } })

test('rows are computed when they are missing, and again by the command, with a line for each and an exit code', async () => {
  expect(await run('refresh', app)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('so there is nothing to refresh'),
  })
  expect(await run('migrate', app, '--write-first')).toMatchObject({ code: 0 })
  expect(await run('migrate', app)).toMatchObject({ code: 0, stdout: 'The database is up to date now.\n' })
  const seeded = await run('seed', app)
  expect(seeded).toMatchObject({ code: 0, stdout: 'Seeded 3 rows.\n' })
  expect(seeded.stderr).toContain(
    'Refreshed Figure of acme: 1 row.\nRefreshed Price of acme: 1 row.\nRefreshed Figure of globex: 1 row.\n',
  )
  expect((await run('migrate', app)).stderr).not.toContain('Refreshed')

  expect(await run('refresh', app, 'Figure', '--tenant', 'acme')).toEqual({
    ...{ code: 0, signal: null, stderr: '' },
    stdout: 'Refreshed Figure of acme: 1 row.\n',
  })
  expect((await run('refresh', app)).stdout.trim().split('\n')).toEqual([
    'Refreshed Figure of acme: 1 row.',
    'Refreshed Price of acme: 1 row.',
    'Refreshed Figure of globex: 1 row.',
    'Refreshed Price of globex: 0 rows.',
  ])
  const unknown = await run('refresh', app, 'Prise')
  expect(unknown).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('REPORT_REFRESH_UNKNOWN') })
  expect(unknown.stderr).toContain('Did you mean "Price"?')

  await db().asOwner((client) => client.query(`update app.sale set label = 'divide'`))
  const failed = await run('refresh', app)
  expect(failed.code).toBe(1)
  expect(failed.stdout).toContain('Refreshed Figure of globex: 1 row.')
  expect(failed.stderr).toContain(
    'REPORT_REFRESH_FAILED  Rows of "Price" of tenant "acme" could not be computed: division by zero.',
  )
})
