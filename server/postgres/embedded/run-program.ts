import { spawn } from 'node:child_process'
import type { OsUser } from './os-user.ts'

/** What a program said and how it ended. */
export interface ProgramResult {
  /** Null when it could not be started at all. */
  readonly exitCode: number | null
  /** Standard output and error together. */
  readonly output: string
}

/** Runs a program of Postgres to its end, without a shell, as the given account and with an environment of its own. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly user: OsUser | null; readonly cwd: string },
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...processOptions(options.user),
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => resolve({ exitCode: null, output: error.message }))
    child.on('close', (exitCode) => resolve({ exitCode, output }))
  })
}

/** Options for `spawn`: the account, and an environment without `PG…` variables that would change what Postgres does. */
export function processOptions(user: OsUser | null): { env: NodeJS.ProcessEnv; uid?: number; gid?: number } {
  const env: NodeJS.ProcessEnv = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' }
  return user === null ? { env } : { env, uid: user.uid, gid: user.gid }
}
