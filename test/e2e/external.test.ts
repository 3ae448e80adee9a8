import { afterAll, beforeAll, expect, test } from 'vitest'
import { runRowhouse } from '../cli/support/run-rowhouse.ts'
import { useDatabase } from '../support/database.ts'
import { type AppCopy, copyApp } from './support/app-copy.ts'
import { dataFolder, startServer } from './support/start-server.ts'

const db = useDatabase({ migrator: 'plain' })
const data = dataFolder()
const apps: AppCopy[] = []

beforeAll(async () => {
  apps.push(await copyApp(db().names.prefix))
})

afterAll(() => {
  for (const app of apps) app.remove()
  data.remove()
})

const env = () => ({ DATABASE_URL: db().loginUrl, ROWHOUSE_MIGRATE_URL: db().migratorUrl, ROWHOUSE_DATA: data.path })
const website = 'website: url({ optional: true }),'

test('dev puts no seed beside the rows of a database that is not its own, and says what it changes there', async () => {
  const [app] = apps
  expect(await runRowhouse(['migrate', app!.folder], { env: env() })).toMatchObject({ code: 0 })
  await db().asOwner((client) => client.query(`insert into rowhouse.tenant (slug, name) values ('real', 'Real')`))
  app!.edit('schema/customer.entity.ts', website, `${website}\n    motto: string({ optional: true, max: 80 }),`)
  const server = await startServer({ args: ['dev', app!.folder], env: env() })
  await server.stop()
  const { pathname, host, password } = new URL(db().migratorUrl)
  const said = server.output().split('\n')
  const works = said.findIndex((line) => line.includes(`your database "${pathname.slice(1)}" at ${host}`))
  const adds = said.findIndex((line) => line.includes('The model changed: column app.customer motto: added'))
  expect(works).toBeGreaterThanOrEqual(0)
  expect(adds).toBeGreaterThan(works)
  expect(server.output()).toContain('Not seeded')
  expect(server.output()).not.toContain(password)
  const { rows } = await db().asOwner((client) => client.query('select slug from rowhouse.tenant'))
  expect(rows).toEqual([{ slug: 'real' }])
})

test('migrate leaves the database of another app alone', async () => {
  const other = await copyApp(`${db().names.prefix}_b`)
  apps.push(other)
  const { DATABASE_URL: _, ...rest } = env()
  const ended = await runRowhouse(['migrate', other.folder], { env: rest })
  expect(ended).toMatchObject({ code: 3, stderr: expect.stringMatching(/^DATABASE_TAKEN/m) })
})
