import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { closedFolder, type OsUser } from './os-user.ts'

/**
 * A folder of ours outside the project for what Postgres could not reach inside of it, or null when there is none.
 * One that somebody else could write to is passed over: its binaries would run with access to the data.
 */
export function stateFolder(user: OsUser | null, candidates = stateFolders()): string | null {
  return candidates.find((folder) => isOurs(folder) && (user === null || closedFolder(folder, user) === null)) ?? null
}

function stateFolders(): readonly string[] {
  if (process.getuid?.() !== 0) return [join(homedir(), '.local', 'share', 'rowhouse')]
  return ['/var/lib/rowhouse', '/var/tmp/rowhouse', join(tmpdir(), 'rowhouse')]
}

function isOurs(folder: string): boolean {
  try {
    if (mkdirSync(folder, { recursive: true, mode: 0o755 }) !== undefined) chmodSync(folder, 0o755)
    const stat = lstatSync(folder)
    const mine = process.getuid === undefined || stat.uid === process.getuid()
    return stat.isDirectory() && mine && (process.platform === 'win32' || (stat.mode & 0o022) === 0)
  } catch {
    return false
  }
}
