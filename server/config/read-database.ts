import type { AppConfig } from './app-config.ts'
import type { Complain } from './read-settings.ts'
import type { DatabasePooling, DatabaseSettings, Environment, Purpose } from './settings.ts'

/** Which logins a command connects with when the database is not the embedded one. */
const needed: Readonly<Record<Purpose, readonly Variable[]>> = {
  dev: ['DATABASE_URL', 'ROWHOUSE_MIGRATE_URL'],
  start: ['DATABASE_URL'],
  migrate: ['ROWHOUSE_MIGRATE_URL'],
  seed: ['ROWHOUSE_MIGRATE_URL'],
  policy: ['ROWHOUSE_MIGRATE_URL'],
  token: [],
  check: [],
}

type Variable = 'DATABASE_URL' | 'ROWHOUSE_MIGRATE_URL' | 'ROWHOUSE_PROVISION_URL'

/** Where the database is: the embedded one unless the environment names another. Complaints never repeat an address. */
export function readDatabase(purpose: Purpose, environment: Environment, complain: Complain): DatabaseSettings {
  const url = readUrl('DATABASE_URL', environment, complain)
  const migrateUrl = readUrl('ROWHOUSE_MIGRATE_URL', environment, complain)
  const provisionUrl = readUrl('ROWHOUSE_PROVISION_URL', environment, complain)
  const named = (['DATABASE_URL', 'ROWHOUSE_MIGRATE_URL'] as const).filter((name) => (environment[name] ?? '') !== '')
  if (named.length === 0 && purpose !== 'start') return { kind: 'embedded' }
  for (const name of needed[purpose]) {
    if ((environment[name] ?? '') === '') complain(missing(name, purpose, named))
  }
  return { kind: 'external', url, migrateUrl, provisionUrl }
}

function missing(name: Variable, purpose: Purpose, named: readonly Variable[]): string {
  const login = name === 'DATABASE_URL' ? "the server's login" : "the migrator's login"
  if (named.length === 0)
    return `${name} is not set: "${purpose}" needs ${login}, such as postgres://login@host/database.`
  return `${named.join(' and ')} is set, but ${name} is not: "${purpose}" needs ${login} too (set neither for the embedded database).`
}

/** How sessions are kept; as connections are, unless somebody says otherwise. */
export function readPooling(config: AppConfig, environment: Environment, complain: Complain): DatabasePooling {
  const given: string = environment.ROWHOUSE_DATABASE_POOLING || config.databasePooling || 'session'
  if (given === 'session' || given === 'transaction') return given
  complain(`ROWHOUSE_DATABASE_POOLING is ${JSON.stringify(given)}: say "session" or "transaction".`)
  return 'session'
}

function readUrl(name: Variable, environment: Environment, complain: Complain): string | null {
  const value = environment[name] ?? ''
  if (value === '') return null
  if (URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol)) return value
  complain(`${name} is no address of a Postgres database: say postgres://login:password@host:port/database.`)
  return null
}
