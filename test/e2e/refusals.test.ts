import { chmodSync, mkdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { runRowhouse } from '../cli/support/run-rowhouse.ts'
import { copyApp } from './support/app-copy.ts'
import { dataFolder } from './support/start-server.ts'

const app = await copyApp()
const data = dataFolder()
const env = { ROWHOUSE_DATA: data.path, PORT: '0' }
afterAll(() => {
  data.remove()
  app.remove()
})

test('a port that is taken is told before anything is made', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const PORT = String((server.address() as AddressInfo).port)
  const ended = await runRowhouse(['dev', 'examples/invoicing'], { env: { ...env, PORT } })
  expect(ended).toMatchObject({ code: 3, stdout: '' })
  expect(ended.stderr).toMatch(new RegExp(`^PORT_IN_USE  Port ${PORT} of 127.0.0.1 is in use\\.\n  hint  .*PORT`))
  await new Promise((resolve) => server.close(resolve))
})

test('a database that does not answer is told with its place, without its password', async () => {
  const DATABASE_URL = 'postgres://login:s3cret@127.0.0.1:1/shop'
  const ROWHOUSE_MIGRATE_URL = 'postgres://migrator:s3cret@127.0.0.1:1/shop'
  for (const command of [['dev'], ['migrate'], ['seed']]) {
    const ended = await runRowhouse([...command, 'examples/invoicing'], {
      env: { ...env, DATABASE_URL, ROWHOUSE_MIGRATE_URL },
    })
    expect(ended).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('DATABASE_UNREACHABLE') })
    expect(ended.stderr).toContain('127.0.0.1:1')
    expect(ended.stderr).not.toContain('s3cret')
  }
})

test.runIf(process.getuid?.() === 0)('a data folder that Postgres cannot enter is told with what to do', async () => {
  const closed = dataFolder()
  mkdirSync(closed.path)
  chmodSync(closed.path, 0o700)
  const ended = await runRowhouse(['dev', 'examples/invoicing'], {
    env: { ...env, ROWHOUSE_DATA: `${closed.path}/inside` },
  })
  expect(ended).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('DATA_FOLDER_UNREACHABLE') })
  expect(ended.stderr).toContain(`"${closed.path}"`)
  closed.remove()
})

test('a data folder that is a file is told', async () => {
  const ended = await runRowhouse(['dev', 'examples/invoicing'], { env: { ...env, ROWHOUSE_DATA: '/dev/null' } })
  expect(ended).toMatchObject({ code: 3, stdout: '' })
  expect(ended.stderr).toContain('/dev/null')
})

test('wrong settings are told all at once', async () => {
  const ended = await runRowhouse(['dev', 'examples/invoicing'], { env: { PORT: 'x', ROWHOUSE_POOL_SIZE: '-1' } })
  expect(ended).toMatchObject({ code: 3, stdout: '' })
  expect(ended.stderr).toMatch(/CONFIG_INVALID {2}2 settings are wrong:[\s\S]*PORT[\s\S]*ROWHOUSE_POOL_SIZE/)
})

test('a folder without an app is a wrong call', async () => {
  for (const folder of ['examples', 'no/where']) {
    const ended = await runRowhouse(['dev', folder], { env })
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('APP_FOLDER_MISSING') })
  }
})

test('a person that the configuration does not know is a wrong call', async () => {
  const ended = await runRowhouse(['token', 'sma', '--app', 'examples/invoicing'], { env })
  expect(ended).toMatchObject({ code: 2, stdout: '' })
  expect(ended.stderr).toMatch(/PERSON_UNKNOWN {2}There is no "sma"\. Did you mean "sam"\?[\s\S]*ada, sam, mia, gil/)
})

test('seeding before migrating is refused', async () => {
  const ended = await runRowhouse(['seed', 'examples/invoicing'], { env })
  expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('DATABASE_UNMIGRATED') })
})

test('a model with mistakes shows each in its place, in check and in dev', async () => {
  expect(await runRowhouse(['check', app.folder], { env })).toMatchObject({
    code: 0,
    stderr: 'Wrote .rowhouse/types.d.ts.\n',
    stdout: expect.stringMatching(/^"invoicing" is in order: 10 entities, 4 roles, \d+ rules\.\n$/),
  })
  app.edit('schema/contact.entity.ts', "one('Customer'", "one('Custmer'")
  app.edit('policies/order.policy.ts', "allow: 'sales', to: 'read'", "allow: 'slaes', to: 'read'")
  for (const command of ['check', 'dev']) {
    const ended = await runRowhouse([command, app.folder], { env })
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(/RELATION_TARGET_UNKNOWN {2}schema\/contact\.entity\.ts:\d+:\d+/)
    expect(ended.stderr).toMatch(/RULE_ROLE_UNKNOWN {2}policies\/order\.policy\.ts:\d+:\d+/)
    expect(ended.stderr).toContain('^^^')
    expect(ended.stderr).not.toContain(process.cwd())
  }
})

test('people with roles that the model lacks are refused', async () => {
  const other = await copyApp()
  other.edit('rowhouse.config.ts', "roles: ['admin']", "roles: ['amdin']")
  const ended = await runRowhouse(['dev', other.folder], { env })
  expect(ended).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('people.ada: there is no role "amdin". Did you mean "admin"?'),
  })
  other.remove()
})

test('a configuration that cannot be run is told', async () => {
  const other = await copyApp()
  other.edit('rowhouse.config.ts', 'export const config', 'export const konfig')
  const ended = await runRowhouse(['dev', other.folder], { env })
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('CONFIG_UNREADABLE') })
  other.remove()
})
