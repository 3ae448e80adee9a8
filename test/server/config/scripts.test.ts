import { expect, test } from 'vitest'
import type { OperatorError } from '../../../base/index.ts'
import { readScripts } from '../../../server/config/read-scripts.ts'
import { type AppConfig, type SettingsSource, validSettings } from '../../../server/config.ts'

type Scripts = NonNullable<AppConfig['scripts']>
const value = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'
const hosts = ['api.carrier.example', '*.parcels.example:8443', 'http://old.example']
const secrets = { carrier: { variable: 'CARRIER_KEY', hosts: ['api.carrier.example'] } }

function read(scripts: Scripts, environment = {}, purpose: SettingsSource['purpose'] = 'dev') {
  return validSettings({ scripts }, { folder: '/app', purpose, environment }).scripts
}

function told(scripts: unknown, environment: object = { CARRIER_KEY: value }): string {
  try {
    read(scripts as Scripts, environment)
  } catch (error) {
    const { code, message } = error as OperatorError
    expect(code).toBe('CONFIG_INVALID')
    return message
  }
  throw new Error('Nothing was wrong.')
}

test('scripts reach nothing that nobody gave them', () => {
  const nothing = { hosts: [], secrets: {}, published: { hosts: [], secrets: [] } }
  expect(validSettings({}, { folder: '/app', purpose: 'dev', environment: { CARRIER_KEY: value } }).scripts).toEqual(
    nothing,
  )
  expect(read({})).toEqual(nothing)
})

test('hosts are as they are written, and secrets come from the environment', () => {
  const published = { hosts: ['api.carrier.example'], secrets: ['carrier'] }
  expect(read({ hosts, secrets, published }, { CARRIER_KEY: value })).toEqual({
    hosts,
    secrets: { carrier: { value, hosts: ['api.carrier.example'] } },
    published,
  })
})

test('commands that run no scripts need no secrets', () => {
  for (const purpose of ['migrate', 'seed', 'policy', 'token', 'check'] as const)
    expect(
      validSettings(
        { scripts: { hosts, secrets } },
        { folder: '/app', purpose, environment: { ROWHOUSE_MIGRATE_URL: 'postgres://m@db.example/shop' } },
      ).scripts.secrets,
    ).toEqual({})
})

test.each([
  ['no variable', {}, 'scripts.secrets.carrier: the environment variable CARRIER_KEY is not set.'],
  ['an empty one', { CARRIER_KEY: '' }, 'CARRIER_KEY is not set'],
  ['a short one', { CARRIER_KEY: 'hunter2' }, 'CARRIER_KEY has fewer than 8 characters'],
  ['one of two lines', { CARRIER_KEY: `${value}\nx` }, 'CARRIER_KEY has characters that no header can have'],
])('%s is told, and no value', (_, environment, message) => {
  const text = told({ hosts, secrets }, environment)
  expect(text).toContain(message)
  for (const secret of Object.values(environment)) if (secret !== '') expect(text).not.toContain(secret)
})

test.each([
  ['no object', 'all', 'scripts: say'],
  [
    'another word',
    { host: [] },
    'scripts has no "host": it has hosts, secrets, published, keepRunsDays, limits, perTenant.',
  ],
  ['hosts that are no list', { hosts: 'a.example' }, 'scripts.hosts is no list of texts.'],
  ['every host', { hosts: ['*'] }, 'scripts.hosts has "*", which is no host'],
  ['every host of a kind', { hosts: ['*.com'] }, '"*.com", which is no host'],
  ['a URL', { hosts: ['https://a.example/path'] }, '"https://a.example/path", which is no host'],
  ['large letters', { hosts: ['A.example'] }, '"A.example", which is no host'],
  ['secrets that are a list', { secrets: [] }, 'scripts.secrets: say'],
  ['a secret without hosts', { hosts, secrets: { carrier: { variable: 'CARRIER_KEY' } } }, 'names no host'],
  [
    'a secret for another host',
    { hosts, secrets: { carrier: { variable: 'CARRIER_KEY', hosts: ['evil.example'] } } },
    'scripts.secrets.carrier.hosts has "evil.example", which scripts.hosts has not.',
  ],
  [
    'a secret that is not encrypted',
    { hosts, secrets: { carrier: { variable: 'CARRIER_KEY', hosts: ['http://old.example'] } } },
    'a secret is sent by TLS alone',
  ],
  [
    'a host for tenants that is none',
    { hosts, published: { hosts: ['b.example'] } },
    'scripts.published.hosts has "b.example", which scripts.hosts has not.',
  ],
  ['a secret for tenants that is none', { hosts, published: { secrets: ['x'] } }, 'scripts.published.secrets has "x"'],
])('%s is refused', (_, scripts, message) => {
  expect(told(scripts)).toContain(message)
})

test('limits are read in the units that they are said in, and none where none is said', () => {
  const limits = { timeMs: 250, memoryMb: 32, hostCalls: 5, httpCalls: 0, rows: 10, outputKb: 8 }
  const perTenant = { concurrent: 1, waiting: 2, timeMsPerMinute: 1_000, hostCallsPerMinute: 100, rowsPerMinute: 7 }
  const problems: string[] = []
  const read = (scripts: object) =>
    readScripts({ scripts }, { purpose: 'dev', environment: {} }, (problem) => problems.push(problem))
  expect(read({ limits, perTenant })).toMatchObject({
    limits: { timeMs: 250, hostCalls: 5, httpCalls: 0, rows: 10, outputBytes: 8_192 },
    pool: {
      ...{ heapBytes: 33_554_432, threadsOfTenant: 1, waitingOfTenant: 2 },
      tenant: { timeMs: 1_000, hostCalls: 100, rows: 7 },
    },
  })
  expect(Object.keys(read({ hosts: [] }))).toEqual(['hosts', 'secrets', 'published'])
  expect(problems).toEqual([])
  read({ limits: { timeMs: 90_000, memoryMb: 8, timMs: 1 }, perTenant: { concurrent: 0, rows: 5 } })
  expect(problems).toEqual([
    'scripts.limits.timeMs is 90000: say a whole number from 10 to 60000.',
    'scripts.limits.memoryMb is 8: say a whole number from 24 to 1024.',
    'scripts.limits.timMs is no limit. Did you mean "timeMs"?',
    'scripts.perTenant.concurrent is 0: say a whole number from 1 to 1000.',
    'scripts.perTenant.rows is no limit.',
  ])
})

test('a secret in the place of its variable is not repeated', () => {
  for (const secret of [value, { variable: value, hosts }, { value, hosts }]) {
    const text = told({ hosts, secrets: { carrier: secret } })
    expect(text).toContain('the name of an environment variable that holds it')
    expect(text).not.toContain(value)
  }
})
