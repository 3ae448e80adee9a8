import { spawn } from 'node:child_process'
import { appendFile, rm, writeFile } from 'node:fs/promises'
import type { OsUser } from './os-user.ts'
import { processOptions } from './run-program.ts'

// Root must not write into a folder of the account by itself: the account could put a link there, to be written and
// handed over in place of the file. What the account writes itself ends where its own rights end.

/** Puts a file of 0600 in place of whatever was there, with the rights of the account. */
export async function replaceFile(path: string, text: string, user: OsUser | null): Promise<void> {
  if (user !== null) return await runAs(user, 'umask 077 && rm -f -- "$1" && set -C && cat > "$1"', path, text)
  await rm(path, { force: true })
  await writeFile(path, text, { mode: 0o600, flag: 'wx' })
}

/** Makes a file of 0600, with the rights of the account; rejects when it is there. */
export async function makeFile(path: string, text: string, user: OsUser | null): Promise<void> {
  if (user !== null) return await runAs(user, 'umask 077 && set -C && cat > "$1"', path, text)
  await writeFile(path, text, { mode: 0o600, flag: 'wx' })
}

/** Adds to the end of a file, with the rights of the account. */
export async function addToFile(path: string, text: string, user: OsUser | null): Promise<void> {
  if (user !== null) return await runAs(user, 'cat >> "$1"', path, text)
  await appendFile(path, text)
}

/** Removes a folder with all that is in it, with the rights of the account. */
export async function removeFolder(path: string, user: OsUser | null): Promise<void> {
  if (user !== null) return await runAs(user, 'rm -rf -- "$1"', path, '')
  await rm(path, { recursive: true, force: true })
}

/** The text goes through a pipe: arguments of a process can be read by everybody on the machine. */
function runAs(user: OsUser, script: string, path: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', script, 'sh', path], {
      ...processOptions(user),
      cwd: '/',
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (chunk) => (said += chunk))
    // It may end before it has read.
    child.stdin.on('error', () => undefined)
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(said.trim() || `"${path}" was not written`)),
    )
    child.stdin.end(text)
  })
}
