import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Root of the repository. */
export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** How to run it. */
export interface RunOptions {
  /** On top of a bare environment without settings of Rowhouse. */
  readonly env?: Readonly<Record<string, string>>
  /** Flags of Node itself. */
  readonly nodeFlags?: readonly string[]
  readonly cwd?: string
  /** Closed when left out. */
  readonly input?: string
}

/** Runs `rowhouse` as a user does, to its end. */
export async function runRowhouse(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = spawn(process.execPath, [...(options.nodeFlags ?? []), `${root}/bin/rowhouse.mjs`, ...args], {
    cwd: options.cwd ?? root,
    env: { ...bareEnvironment(), ...options.env },
  })
  child.stdin.end(options.input ?? '')
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}

/** The environment of this process without what Rowhouse reads, so that a developer's settings decide no test. */
export function bareEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(ROWHOUSE_|PORT$|HOST$|DATABASE_URL$|NODE_)/.test(name),
  )
  return Object.fromEntries(kept) as Record<string, string>
}
