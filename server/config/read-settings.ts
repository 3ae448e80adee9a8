import { resolve } from 'node:path'
import { OperatorError } from '#base'
import { readSecretKeys, type SecretKeys } from '../secrets/secret-keys.ts'
import type { AppConfig } from './app-config.ts'
import { checkPeople } from './check-people.ts'
import { defaultPoolSize } from './limits.ts'
import { configFile, loadConfig } from './load-config.ts'
import { readMessages } from './messages.ts'
import { readAuth } from './read-auth.ts'
import { readCors } from './read-cors.ts'
import { readDatabase, readPooling } from './read-database.ts'
import { readDocuments } from './read-documents.ts'
import { readLimits } from './read-limits.ts'
import { readProxies } from './read-proxies.ts'
import { readRetention } from './read-retention.ts'
import { readScripts } from './read-scripts.ts'
import type { Environment, Purpose, Settings } from './settings.ts'

/** What {@link readSettings} reads from. */
export interface SettingsSource {
  /** Path of the app folder. */
  readonly folder: string
  readonly purpose: Purpose
  readonly environment: Environment
}

/** Told about everything that is wrong, one sentence each. */
export type Complain = (problem: string) => void

/**
 * The settings of an app: environment over `rowhouse.config.ts` over defaults.
 *
 * @throws OperatorError CONFIG_INVALID when anything is missing or wrong; the message lists all of it and repeats no secret
 * @throws OperatorError CONFIG_UNREADABLE when `rowhouse.config.ts` cannot be run
 */
export async function readSettings(source: SettingsSource): Promise<Settings> {
  const folder = resolve(source.folder)
  return validSettings(await loadConfig(folder), { ...source, folder })
}

/**
 * The settings of an app whose configuration is at hand.
 *
 * @throws OperatorError CONFIG_INVALID as {@link readSettings}
 */
export function validSettings(config: AppConfig, source: SettingsSource): Settings {
  const problems: string[] = []
  const complain: Complain = (problem) => void problems.push(problem)
  const { folder, purpose, environment } = source
  const graphiql =
    (readFlag('ROWHOUSE_GRAPHIQL', environment, complain) ?? config.graphiql === true) || purpose === 'dev'
  const settings: Settings = {
    folder,
    host: environment.HOST || config.host || (purpose === 'start' ? '0.0.0.0' : '127.0.0.1'),
    port: readNumber({ name: 'PORT', from: 0, to: 65_535, fallback: 4000 }, [environment.PORT, config.port], complain),
    dataFolder: resolve(environment.ROWHOUSE_DATA || `${folder}/.rowhouse/data`),
    isDataFolderChosen: Boolean(environment.ROWHOUSE_DATA),
    database: readDatabase(purpose, environment, complain),
    auth: readAuth(config, source, complain),
    graphiql,
    poolSize: readNumber(
      { name: 'ROWHOUSE_POOL_SIZE', from: 1, to: 1000, fallback: defaultPoolSize },
      [environment.ROWHOUSE_POOL_SIZE],
      complain,
    ),
    databasePooling: readPooling(config, environment, complain),
    trustedProxies: readProxies(config, environment, complain),
    messages: readMessages(config.messages, complain),
    limits: readLimits(config, complain),
    cors: readCors(config, purpose, complain),
    documents: readDocuments(config, source, complain),
    introspection: readIntrospection(config, complain) ?? graphiql,
    scripts: readScripts(config, source, complain),
    keep: readRetention(config, complain),
    // Production knows nobody: who signs in is up to the issuer, and tokens of the development key are not accepted.
    people: purpose === 'start' ? {} : (config.people ?? {}),
    secretKeys: readKeys(environment, complain),
  }
  checkPeople(settings.people, complain)
  if (problems.length > 0) throw invalid(problems)
  return settings
}

interface NumberRule {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly fallback: number
}

function readNumber(rule: NumberRule, given: readonly (string | number | undefined)[], complain: Complain): number {
  const value = given.find((candidate) => candidate !== undefined && candidate !== '')
  if (value === undefined) return rule.fallback
  const number = typeof value === 'number' ? value : /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (Number.isInteger(number) && number >= rule.from && number <= rule.to) return number
  complain(`${rule.name} is ${JSON.stringify(value)}: say a whole number from ${rule.from} to ${rule.to}.`)
  return rule.fallback
}

/** The complaint repeats nothing of the keys. */
function readKeys({ ROWHOUSE_SECRETS_KEY: given = '' }: Environment, complain: Complain): SecretKeys | null {
  if (given === '') return null
  const keys = readSecretKeys(given)
  if (keys === null)
    complain('ROWHOUSE_SECRETS_KEY is no key: say 32 random bytes in base64, further keys behind a comma.')
  return keys
}

function readIntrospection({ introspection }: AppConfig, complain: Complain): boolean | null {
  if (introspection === undefined || typeof introspection === 'boolean') return introspection ?? null
  complain(`introspection is ${JSON.stringify(introspection)}: say true or false.`)
  return null
}

function readFlag(name: string, environment: Environment, complain: Complain): boolean | null {
  const value = environment[name] ?? ''
  if (value === '0' || value === 'false') return false
  if (value === '1' || value === 'true') return true
  if (value !== '') complain(`${name} is ${JSON.stringify(value)}: say "1" or "0".`)
  return null
}

function invalid(problems: readonly string[]): OperatorError {
  const [first = ''] = problems
  const message =
    problems.length === 1
      ? first
      : `${problems.length} settings are wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`
  return new OperatorError('CONFIG_INVALID', message, `Set them in the environment or in "${configFile}".`)
}
