import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '#base'
import { addToFile, makeFile, removeFolder } from './account-files.ts'
import type { ClusterPlace } from './cluster-place.ts'
import type { Binaries } from './find-binaries.ts'
import { runProgram } from './run-program.ts'

/** File beside Postgres's own configuration that holds ours; written before each start. */
export const settingsFile = 'rowhouse.conf'

/**
 * Makes the cluster unless it is there. It is made under another name and renamed, so an interrupted start leaves nothing half made.
 *
 * @returns true when it was made just now
 * @throws EMBEDDED_POSTGRES_FAILED when initdb fails
 */
export async function initCluster(place: ClusterPlace, binaries: Binaries, durable: boolean): Promise<boolean> {
  if (existsSync(join(place.cluster, 'PG_VERSION'))) return false
  await removeUnfinished(place)
  await makePassword(place)
  const unfinished = `${place.cluster}.${process.pid}.new`
  const { exitCode, output } = await runProgram(binaries.initdb, initdbArguments(place, unfinished, durable), {
    user: place.user,
    cwd: place.folder,
  })
  if (exitCode !== 0) throw initFailed(output)
  await addToFile(join(unfinished, 'postgresql.conf'), `\ninclude_if_exists '${settingsFile}'\n`, place.user)
  try {
    await rename(unfinished, place.cluster)
    return true
  } catch (error) {
    await removeFolder(unfinished, place.user)
    // Another process was first: its cluster has the same password, as that file was there before either.
    if (existsSync(join(place.cluster, 'PG_VERSION'))) return false
    throw error
  }
}

/**
 * The superuser's password.
 *
 * @throws DATA_FOLDER_DAMAGED when the file is gone
 */
export async function readPassword(place: ClusterPlace): Promise<string> {
  const text = await readFile(place.passwordFile, 'utf8').catch(() => '')
  if (text.trim() !== '') return text.trim()
  throw new OperatorError(
    'DATA_FOLDER_DAMAGED',
    `The file "${place.passwordFile}" with the password of the embedded Postgres is missing.`,
    `Put it back, or, if the data is not needed, delete the folder "${place.folder}".`,
  )
}

function initdbArguments(place: ClusterPlace, folder: string, durable: boolean): readonly string[] {
  return [
    `--pgdata=${folder}`,
    '--username=postgres',
    `--pwfile=${place.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The ICU inside is old, and the machine's own locales differ from one to the next: indexes would break when data moves.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ]
}

async function makePassword(place: ClusterPlace): Promise<void> {
  const password = randomBytes(24).toString('base64url')
  try {
    await makeFile(place.passwordFile, `${password}\n`, place.user)
  } catch (error) {
    if (!existsSync(place.passwordFile)) throw error
  }
}

/** Folders of starts that were killed. One that is being made right now by a live process stays. */
async function removeUnfinished(place: ClusterPlace): Promise<void> {
  for (const name of await readdir(place.folder)) {
    const pid = /^cluster\.(\d+)\.new$/.exec(name)?.[1]
    if (pid === undefined || Number(pid) === process.pid || existsSync(`/proc/${pid}`)) continue
    await removeFolder(join(place.folder, name), place.user)
  }
}

function initFailed(output: string): OperatorError {
  return new OperatorError(
    'EMBEDDED_POSTGRES_FAILED',
    `The embedded Postgres could not make its data directory: ${output.trim().split('\n').slice(-3).join(' ')}`,
    'Look for a full disk or a folder that cannot be written to; ROWHOUSE_DATA chooses another folder.',
  )
}
