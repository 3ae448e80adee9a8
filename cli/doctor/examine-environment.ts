import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '#base'
import { checkSecretKeys, encryptedSecret, lookAtEmbedded } from '#server'
import { currentTypes } from '../app/write-types.ts'
import { checkPort } from '../serve/check-port.ts'
import { type Finding, failure, fine, warning } from './finding.ts'
import type { Surroundings } from './read-surroundings.ts'

/** Everything around the app: Node, ports, folders, generated files, the issuer of tokens. Changes nothing. */
export async function examineEnvironment(around: Surroundings): Promise<readonly Finding[]> {
  return [
    examineNode(process.versions.node),
    await examinePort(around),
    ...(around.isExternal ? [] : await examineEmbedded(around)),
    ...(await examineTypes(around)),
    ...(await examineIssuer(around)),
    ...examineSecrets(around),
  ]
}

/** Since 22.18 Node runs TypeScript by itself. */
export function examineNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18))
    return fine('environment', 'node', `Node ${version} runs TypeScript.`)
  return failure({
    area: 'environment',
    subject: 'node',
    message: `Node ${version} does not run TypeScript by itself.`,
    why: 'The files of an app are run as they are.',
    code: 'NODE_TOO_OLD',
    fix: { commands: ['Use Node 22.18 or later, or install again with `npm ci`, which brings one along.'] },
  })
}

async function examinePort({ settings: { host, port } }: Surroundings): Promise<Finding> {
  if (port === 0) return fine('environment', 'port', 'Any free port is taken.')
  try {
    await checkPort(host, port)
    return fine('environment', 'port', `Port ${port} of ${host} is free.`)
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    const why = 'A second server cannot listen there; if it is yours that runs, all is well.'
    return warning({
      area: 'environment',
      subject: 'port',
      message: error.message,
      why,
      code: error.code,
      fix: { commands: [error.hint] },
    })
  }
}

async function examineEmbedded({ settings }: Surroundings): Promise<readonly Finding[]> {
  const area = 'environment'
  try {
    const look = await lookAtEmbedded({ dataFolder: settings.dataFolder, mayMove: !settings.isDataFolderChosen })
    return [
      look.version === null
        ? warning({
            area,
            subject: 'embedded',
            message: 'The programs of the embedded Postgres do not run as they were installed.',
            why: 'The first start copies them to a place where they may.',
            code: 'EMBEDDED_POSTGRES_BROKEN',
          })
        : fine(area, 'embedded', `The embedded Postgres ${look.version} runs on this platform.`),
      ...dataFolderFindings(look),
    ]
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    const why = 'Without DATABASE_URL and ROWHOUSE_MIGRATE_URL the embedded Postgres is used.'
    return [
      failure({
        area,
        subject: 'embedded',
        message: error.message,
        why,
        code: error.code,
        fix: { commands: [error.hint] },
      }),
    ]
  }
}

function dataFolderFindings(look: Awaited<ReturnType<typeof lookAtEmbedded>>): readonly Finding[] {
  const area = 'environment'
  if (!look.isWritable)
    return [
      failure({
        area,
        subject: 'data folder',
        message: `"${look.folder}" cannot be written to.`,
        why: 'The embedded Postgres keeps its data there.',
        code: 'DATA_FOLDER_UNREACHABLE',
        fix: { commands: ['Set ROWHOUSE_DATA to a folder of your own that can be written to.'] },
      }),
    ]
  const major = look.version === null ? null : Number.parseInt(look.version, 10)
  if (look.clusterMajor !== null && major !== null && look.clusterMajor !== major)
    return [
      failure({
        area,
        subject: 'data folder',
        message: `The data in "${look.folder}" is of Postgres ${look.clusterMajor}; the programs are ${major}.`,
        why: 'A Postgres reads the data of its own major version alone.',
        code: 'DATA_FOLDER_DAMAGED',
        fix: {
          commands: ['Install the Rowhouse that made the data, or, if the data is not needed, delete the folder.'],
        },
      }),
    ]
  return [
    fine(
      area,
      'data folder',
      look.clusterMajor === null
        ? `"${look.folder}" can be made.`
        : `"${look.folder}" holds data of Postgres ${look.clusterMajor}.`,
    ),
  ]
}

async function examineTypes({ app }: Surroundings): Promise<readonly Finding[]> {
  const text = app === null ? null : currentTypes(app)
  if (app === null || text === null) return []
  const found = await readFile(join(app.folder, '.rowhouse', 'types.d.ts'), 'utf8').catch(() => null)
  if (found === text) return [fine('app', 'types', '.rowhouse/types.d.ts is current.')]
  const message = `.rowhouse/types.d.ts ${found === null ? 'is missing' : 'is not what the entities say'}.`
  return [
    warning({
      area: 'app',
      subject: 'types',
      message,
      why: 'Compiler and editor do not know the names of the app.',
      fix: { commands: [`rowhouse check ${app.folder}`] },
    }),
  ]
}

/** What `start` would refuse the app's secrets for. */
export function examineSecrets({ app, settings, isExternal }: Surroundings): readonly Finding[] {
  const area = 'environment'
  const encrypted = app === null ? null : encryptedSecret(app.model)
  if (app === null || (settings.secretKeys === null && encrypted !== null && !isExternal)) return []
  try {
    checkSecretKeys(app.model, settings.secretKeys)
    return encrypted === null ? [] : [fine(area, 'secrets', 'There is a key to encrypt secrets with.')]
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    const why = '`start` refuses to serve an app whose secrets cannot be kept.'
    const { message, code, hint } = error
    return [failure({ area, subject: 'secrets', message, why, code, fix: { commands: [hint] } })]
  }
}

const issuerTimeoutMs = 5000

async function examineIssuer({ settings: { auth }, isExternal }: Surroundings): Promise<readonly Finding[]> {
  const area = 'environment'
  if (auth === null) {
    if (!isExternal) return []
    const why = '`start` refuses to run without knowing whose tokens to believe.'
    const commands = ['Set ROWHOUSE_JWKS_URL, ROWHOUSE_JWT_ISSUER and ROWHOUSE_JWT_AUDIENCE.']
    return [warning({ area, subject: 'tokens', message: 'No issuer of tokens is set.', why, fix: { commands } })]
  }
  // Only the place: an address of keys may carry a key of its own.
  const { origin, pathname } = new URL(auth.jwksUrl)
  const found = await fetchKeys(auth.jwksUrl)
  if (found === 'keys') return [fine(area, 'tokens', `The issuer publishes keys at ${origin}${pathname}.`)]
  return [
    warning({
      area,
      subject: 'tokens',
      message: `${origin}${pathname} ${found}.`,
      why: 'Without the keys of the issuer every token is refused.',
      fix: { commands: ['Check ROWHOUSE_JWKS_URL, and whether this machine may reach it.'] },
    }),
  ]
}

async function fetchKeys(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(issuerTimeoutMs), redirect: 'error' })
    if (!answer.ok) return `answers ${answer.status}`
    const { keys }: { readonly keys?: unknown } = JSON.parse(await answer.text())
    return Array.isArray(keys) && keys.length > 0 ? 'keys' : 'holds no keys'
  } catch (error) {
    return error instanceof SyntaxError ? 'holds no keys' : 'does not answer'
  }
}
