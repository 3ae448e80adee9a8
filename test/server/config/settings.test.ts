import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import {
  type AppConfig,
  defaultLimits,
  readSettings,
  type SettingsSource,
  validSettings,
} from '../../../server/config.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function settings(purpose: SettingsSource['purpose'], environment = {}, config: AppConfig = {}) {
  return validSettings(config, { folder: '/app', purpose, environment })
}

function appFolder(config: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-settings-'))
  folders.push(folder)
  writeFileSync(join(folder, 'rowhouse.config.ts'), config)
  return folder
}

const production = {
  DATABASE_URL: 'postgres://shop_login:s3cret@db.example/shop',
  ROWHOUSE_JWKS_URL: 'https://id.example/jwks',
  ROWHOUSE_JWT_ISSUER: 'https://id.example',
  ROWHOUSE_JWT_AUDIENCE: 'shop',
}

test('without any setting: the embedded database, for this machine alone', () => {
  expect(settings('dev')).toEqual({
    folder: '/app',
    host: '127.0.0.1',
    port: 4000,
    dataFolder: '/app/.rowhouse/data',
    isDataFolderChosen: false,
    database: { kind: 'embedded' },
    auth: null,
    graphiql: true,
    poolSize: 10,
    databasePooling: 'session',
    trustedProxies: [],
    messages: {},
    limits: defaultLimits,
    cors: { origins: 'local', credentials: false },
    introspection: true,
    documents: null,
    scripts: { hosts: [], secrets: {}, published: { hosts: [], secrets: [] } },
    keep: { failedJobsDays: 90, scriptRunsDays: 7, eventsDays: 90 },
    people: {},
    secretKeys: null,
  })
})

test('the environment wins over the configuration, and empty variables are none', () => {
  const config: AppConfig = { port: 5000, host: '::1' }
  expect(settings('dev', { PORT: '0', HOST: '' }, config)).toMatchObject({ port: 0, host: '::1' })
  expect(settings('dev', { PORT: '' }, config)).toMatchObject({ port: 5000 })
  expect(settings('dev', { ROWHOUSE_DATA: '/data' })).toMatchObject({ dataFolder: '/data', isDataFolderChosen: true })
})

test('what goes by itself is kept for days, or for ever', () => {
  const config: AppConfig = {
    jobs: { keepFailedDays: 7 },
    scripts: { keepRunsDays: 'forever' },
    events: { keepDays: 365 },
  }
  const keep = { failedJobsDays: 7, scriptRunsDays: null, eventsDays: 365 }
  expect(settings('dev', {}, config)).toMatchObject({ keep })
  const wrong = { jobs: { keepFailedDays: 0 }, scripts: { keepRunsDays: null }, events: { keepdays: 1, keepDays: '9' } }
  const told = [
    'jobs.keepFailedDays is 0: say a whole number of days from 1 to 36500, or "forever".',
    'scripts.keepRunsDays is null: say',
    'events has no "keepdays": it has keepDays.',
    'events.keepDays is "9": say',
  ]
  for (const each of told) expect(() => settings('dev', {}, wrong as never)).toThrow(each)
  expect(() => settings('dev', {}, { events: [] } as never)).toThrow('events: say `{ keepDays: 30 }`.')
})

test('sessions are kept unless a pooler is said to give others', () => {
  const config: AppConfig = { databasePooling: 'transaction' }
  expect(settings('dev', {}, config)).toMatchObject({ databasePooling: 'transaction' })
  expect(settings('dev', { ROWHOUSE_DATABASE_POOLING: 'session' }, config)).toMatchObject({
    databasePooling: 'session',
  })
})

test('start needs a database and an issuer, listens everywhere, and knows nobody', () => {
  const people = {
    sam: {
      id: 'c0a80001-0000-8000-8000-000000000001',
      tenant: 'c0a80001-0000-8000-8000-000000000002',
      roles: ['sales'],
    },
  }
  expect(settings('start', production, { people })).toMatchObject({
    host: '0.0.0.0',
    people: {},
    graphiql: false,
    cors: null,
    introspection: false,
    database: { kind: 'external', url: production.DATABASE_URL, migrateUrl: null },
    auth: { jwksUrl: 'https://id.example/jwks', issuer: 'https://id.example', audience: 'shop' },
  })
  expect(() => settings('start')).toThrow(/4 settings are wrong:[\s\S]*DATABASE_URL[\s\S]*ROWHOUSE_JWKS_URL/)
})

test('all problems are told at once, and no address of a database is repeated', () => {
  const environment = {
    PORT: 'http',
    ROWHOUSE_POOL_SIZE: '0',
    ROWHOUSE_DATABASE_POOLING: 'statement',
    DATABASE_URL: 'mysql://root:s3cret@x/y',
    ROWHOUSE_GRAPHIQL: 'maybe',
  }
  const thrown = catchError(() => settings('dev', environment, { people: { 'no name': null as never } }))
  expect(thrown).toMatchObject({ code: 'CONFIG_INVALID' })
  for (const name of [
    'PORT',
    'ROWHOUSE_POOL_SIZE',
    'ROWHOUSE_DATABASE_POOLING',
    'DATABASE_URL',
    'ROWHOUSE_MIGRATE_URL',
    'ROWHOUSE_GRAPHIQL',
    'people.no name',
  ]) {
    expect(thrown.message).toContain(name)
  }
  expect(thrown.message).not.toContain('s3cret')
})

test.each(['65536', '-1', '1e3', ' 80', '0x50'])('PORT=%j is refused', (PORT) => {
  expect(() => settings('dev', { PORT })).toThrow('PORT is')
})

test('dev takes a database from outside only with both logins', () => {
  const both = { DATABASE_URL: 'postgresql://a@b/c', ROWHOUSE_MIGRATE_URL: 'postgres://m@b/c' }
  expect(settings('dev', both).database).toEqual({
    kind: 'external',
    url: 'postgresql://a@b/c',
    migrateUrl: 'postgres://m@b/c',
    provisionUrl: null,
  })
  expect(() => settings('dev', { DATABASE_URL: both.DATABASE_URL })).toThrow('ROWHOUSE_MIGRATE_URL is not')
  expect(() => settings('dev', { ROWHOUSE_MIGRATE_URL: both.ROWHOUSE_MIGRATE_URL })).toThrow('DATABASE_URL is not')
})

test('keys are not fetched in the clear from elsewhere', () => {
  expect(() => settings('start', { ...production, ROWHOUSE_JWKS_URL: 'http://id.example/jwks' })).toThrow('no https://')
  expect(settings('start', { ...production, ROWHOUSE_JWKS_URL: 'http://127.0.0.1:9/jwks' }).auth).not.toBeNull()
})

test('half of the issuer is an error in dev too', () => {
  expect(() => settings('dev', { ROWHOUSE_JWKS_URL: 'https://id.example/jwks' })).toThrow('ROWHOUSE_JWT_ISSUER')
})

test('rowhouse.config.ts is read from the app folder', async () => {
  const folder = appFolder('export const config = { port: 4100 as number }')
  expect(await readSettings({ folder, purpose: 'check', environment: {} })).toMatchObject({ folder, port: 4100 })
})

test.each([
  ['exports no "config"', 'export default { port: 4100 }'],
  ['cannot be run', 'throw new Error("on import")'],
  ['cannot be run', 'export const config = {'],
])('a configuration file that %s is told so', async (reason, text) => {
  const folder = appFolder(text)
  await expect(readSettings({ folder, purpose: 'check', environment: {} })).rejects.toMatchObject({
    code: 'CONFIG_UNREADABLE',
    message: expect.stringContaining(reason),
  })
})

test('an app without its packages is told to install them', async () => {
  const hint = async (text: string) => {
    const folder = appFolder(text)
    return await readSettings({ folder, purpose: 'check', environment: {} }).catch(
      (error: { hint?: string }) => error.hint,
    )
  }
  expect(await hint("import { defineConfig } from 'rowhouse'\nexport const config = defineConfig({})")).toBe(
    'Run `npm install` in the folder of the app: its packages are not there yet.',
  )
  expect(await hint("import 'left-pad'")).toContain('`npm install left-pad`')
  expect(await hint("import './gone.ts'")).toBe('Mend the file and try again.')
})

function catchError(work: () => unknown): Error & { readonly code?: string } {
  try {
    work()
  } catch (error) {
    return error as Error
  }
  throw new Error('Nothing was thrown.')
}
