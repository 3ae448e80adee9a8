import { expect, test } from 'vitest'
import type { OperatorError } from '../../../base/index.ts'
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
  ['another word', { host: [] }, 'scripts has no "host": it has hosts, secrets, published, keepRunsDays.'],
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

test('a secret in the place of its variable is not repeated', () => {
  for (const secret of [value, { variable: value, hosts }, { value, hosts }]) {
    const text = told({ hosts, secrets: { carrier: secret } })
    expect(text).toContain('the name of an environment variable that holds it')
    expect(text).not.toContain(value)
  }
})
