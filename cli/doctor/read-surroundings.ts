import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { formatSpan, ModelError, type ModelWarningCode, modelWarnings, OperatorError, type Problem } from '#base'
import { type DatabasePlace, readPlace } from '#migrations'
import type { LoadedModel } from '#policies'
import { type AppConfig, loadConfig, type Settings, validSettings } from '#server'
import { appFolder, loadApp } from '../app/load-app.ts'
import type { Session } from '../session.ts'
import { type Finding, failure, fine, warning } from './finding.ts'

/** An address of a database that can be used. */
export interface Address {
  readonly url: string
  readonly place: DatabasePlace
}

/** What the settings and the app say; null where they say nothing that can be used. */
export interface Surroundings {
  readonly folder: string
  readonly app: LoadedModel | null
  readonly settings: Settings
  readonly login: Address | null
  readonly migrator: Address | null
  readonly provisioner: Address | null
  /** Whether any address was set, however wrong. */
  readonly isExternal: boolean
}

const addresses = {
  login: 'DATABASE_URL',
  migrator: 'ROWHOUSE_MIGRATE_URL',
  provisioner: 'ROWHOUSE_PROVISION_URL',
} as const

/** Reads app and settings, and tells what is wrong with them. @throws OperatorError APP_FOLDER_MISSING when the folder that was named is none */
export async function readSurroundings(
  named: string | undefined,
  session: Session,
): Promise<{ readonly surroundings: Surroundings; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = []
  const folder = named === undefined ? resolve('.') : appFolder(named)
  const isApp = existsSync(join(folder, 'schema')) || existsSync(join(folder, 'model.json'))
  const app = isApp ? await readApp(folder, session, findings) : null
  if (!isApp)
    findings.push(fine('app', 'app', 'There is no app here: only the environment and the database are looked at.'))
  const config = isApp ? await loadConfig(folder).catch(() => ({})) : {}
  const settings = readEnvironment(config, { folder, session }, findings)
  const read = (name: keyof typeof addresses) => readAddress(addresses[name], session, findings)
  const login = read('login')
  const migrator = read('migrator')
  const provisioner = read('provisioner')
  const isExternal = [addresses.login, addresses.migrator].some((name) => (session.environment[name] ?? '') !== '')
  findings.push(...lackingAddress(session))
  return { surroundings: { folder, app, settings, login, migrator, provisioner, isExternal }, findings }
}

async function readApp(folder: string, session: Session, findings: Finding[]): Promise<LoadedModel | null> {
  try {
    const app = await loadApp(folder, session)
    const { entities, policies } = app.model
    findings.push(
      fine('app', 'app', `"${app.model.app}" is in order: ${entities.length} entities, ${policies.length} policies.`),
    )
    findings.push(...app.warnings.map(warned))
    return app
  } catch (error) {
    const why = 'Nothing can be migrated or served before the app loads.'
    if (error instanceof ModelError) {
      const codes = [...new Set(error.problems.map((problem) => problem.code))].join(', ')
      const fix = { commands: [`rowhouse check ${folder}`] }
      findings.push(
        failure({
          area: 'app',
          subject: 'app',
          message: `The app has ${error.problems.length} problems: ${codes}.`,
          why,
          fix,
        }),
      )
      return null
    }
    if (!(error instanceof OperatorError)) throw error
    const { code, message, hint } = error
    findings.push(failure({ area: 'app', subject: 'app', message, why, code, fix: { commands: [hint] } }))
    return null
  }
}

/** A warning of the app, as the terminal of `check` shows it with its frame. */
export function warned({ code, message, at, hint }: Problem): Finding {
  const place = at === null ? '' : `${formatSpan(at)}: `
  const fix = { commands: hint === null ? [] : [hint] }
  const known = code as ModelWarningCode
  return warning({
    area: 'app',
    subject: 'app',
    message: `${place}${message}`,
    why: modelWarnings[known],
    code: known,
    fix,
  })
}

/** Complaints name settings, never what an address holds; without valid settings it goes on with the defaults. */
function readEnvironment(
  config: AppConfig,
  { folder, session }: { readonly folder: string; readonly session: Session },
  findings: Finding[],
): Settings {
  const { environment } = session
  try {
    const settings = validSettings(config, { folder, purpose: 'check', environment })
    findings.push(fine('environment', 'settings', 'Every setting can be read.'))
    return settings
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    const why = 'Commands that need these settings refuse to run.'
    findings.push(
      failure({
        area: 'environment',
        subject: 'settings',
        message: error.message.replaceAll('\n', ' '),
        why,
        code: error.code,
        fix: { commands: [error.hint] },
      }),
    )
    return validSettings(
      {},
      { folder, purpose: 'check', environment: { ROWHOUSE_DATA: environment.ROWHOUSE_DATA, PORT: '0' } },
    )
  }
}

/** An `@` behind the host is the rest of a password that was not escaped: such an address is never repeated. */
function readAddress(variable: string, session: Session, findings: Finding[]): Address | null {
  const url = session.environment[variable] ?? ''
  if (url === '') return null
  try {
    const place = readPlace(url)
    const isWhole = ![place.database, place.user].some((part) => /[@/:?#]/.test(part))
    if (isWhole) return { url, place }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
  }
  findings.push(
    failure({
      area: 'environment',
      subject: 'settings',
      message: `${variable} is no address of a database.`,
      why: 'Nobody can connect with it.',
      code: 'DATABASE_URL_INVALID',
      fix: {
        commands: [
          'Write postgres://login:password@host:port/database, and escape special characters of the password as %XX.',
        ],
      },
    }),
  )
  return null
}

function lackingAddress({ environment }: Session): readonly Finding[] {
  const has = (name: string) => (environment[name] ?? '') !== ''
  const { login, migrator, provisioner } = addresses
  if (has(login) === has(migrator) && (has(login) || !has(provisioner))) return []
  const lacking = has(login) ? migrator : login
  const needs = lacking === login ? '`start`' : '`migrate`, `seed` and `dev`'
  return [
    warning({
      area: 'environment',
      subject: 'settings',
      message: `${lacking} is not set, and ${has(login) ? login : has(migrator) ? migrator : provisioner} is.`,
      why: `${needs} cannot run, and not everything could be looked at.`,
      fix: { commands: [`Set ${lacking}.`] },
    }),
  ]
}
