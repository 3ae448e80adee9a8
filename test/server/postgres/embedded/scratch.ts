import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type EmbeddedPostgresOptions, findEmbeddedPostgres } from '../../../../server/postgres/embedded/index.ts'
import { readableRepository } from './readable-repository.ts'

const folders: string[] = []
const children: Pick<Opened, 'child' | 'ended'>[] = []

/** A folder that every user may enter; {@link endScratch} ends whatever runs in it. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-embedded-'))
  chmodSync(folder, 0o755)
  folders.push(folder)
  return folder
}

/** For `afterEach`: ends the processes and removes the folders of the test. */
export async function endScratch(): Promise<void> {
  for (const { child, ended } of children.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
  for (const folder of folders.splice(0)) {
    for (const pid of postmasters(folder)) process.kill(pid, 'SIGQUIT')
    while (postmasters(folder).length > 0) await delay(10)
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}

/** What the process said first, and the process. */
export interface Opened {
  readonly child: ChildProcess
  readonly said: {
    readonly adminUrl: string
    readonly port: number
    readonly adopted: boolean
    readonly fresh: boolean
    readonly folder: string
    readonly code?: string
    readonly message?: string
  }
  /** The next line that it says. */
  next(): Promise<Record<string, unknown>>
  /** Until it has ended; its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>
}

/** Opens the embedded Postgres in a process of its own, in a process group of its own. */
export async function openInChild(
  options: EmbeddedPostgresOptions,
  account: { readonly uid?: number; readonly gid?: number } = {},
): Promise<Opened> {
  const { root, node } = readableRepository()
  const script = join(root, 'test/server/postgres/embedded/open-child.ts')
  const child = spawn(node, [script, JSON.stringify({ durable: false, ...options })], {
    ...account,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value ?? 'null')
  const ended = new Promise<number | string | null>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve(exitCode ?? signal))
  })
  children.push({ child, ended })
  return { child, said: await next(), next, ended }
}

/** Runs one statement as superuser. */
export async function ask(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

/** The same cluster in another database. */
export function inDatabase(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}

/** Number of the server process of a data folder. */
export function postmasterOf(dataFolder: string): number {
  return Number(readFileSync(join(dataFolder, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0])
}

/** True while somebody serves the folder. */
export async function isServed(dataFolder: string): Promise<boolean> {
  return (await findEmbeddedPostgres({ dataFolder })) !== null
}

function postmasters(folder: string): readonly number[] {
  const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return found.map(Number).filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return words[0]!.endsWith('/postgres') && words.some((word) => word.startsWith(`${folder}/`))
    } catch {
      return false
    }
  })
}
