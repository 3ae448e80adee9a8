import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bareEnvironment, root } from '../../cli/support/run-rowhouse.ts'

/** A `rowhouse dev` or `start` that is ready. */
export interface RunningServer {
  readonly url: string
  readonly child: ChildProcess
  /** Everything printed so far. */
  output(): string
  /** Resolves when it has printed that; rejects when it ends before. */
  until(pattern: RegExp): Promise<void>
  /** What is printed to standard output when it is ready. */
  readonly ready: ReadyOutput
  /** Asks it to stop, and waits until it has. */
  stop(signal?: NodeJS.Signals): Promise<Ended>
  /** Resolves when the process is gone. */
  readonly ended: Promise<Ended>
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** What `dev` printed. */
export interface ReadyOutput {
  readonly databaseUrl: string
  /** By name of the person. */
  readonly tokens: Readonly<Record<string, string>>
}

/** How to start it. */
export interface StartOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly nodeFlags?: readonly string[]
  /** Path of an installed `rowhouse`. Default: the one of this repository. */
  readonly command?: string
}

/** A folder for data that any user may enter, removed with `remove()`. */
export function dataFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'rowhouse-e2e-'))
  chmodSync(path, 0o755)
  return { path: join(path, 'data'), remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Starts a server on a free port and waits until it says that it is ready. Rejects with its output when it ends before. */
export async function startServer(options: StartOptions = {}): Promise<RunningServer> {
  const spawned = spawnServer(options)
  // `dev` prints for people, `start` one JSON object a line.
  await spawned.until(/Ctrl-C stops it|"event":"ready".*\n/)
  const output = spawned.output()
  const url = /(?: at |"url":")(http:\/\/[^\s"]+)/.exec(output)![1]!
  return { ...spawned, url, ready: parse(output) }
}

/** Starts a server without waiting. */
export function spawnServer(options: StartOptions = {}) {
  const args = options.args ?? ['dev', 'examples/invoicing']
  const child = spawn(
    process.execPath,
    [...(options.nodeFlags ?? []), options.command ?? `${root}/bin/rowhouse.mjs`, ...args],
    {
      cwd: root,
      env: { ...bareEnvironment(), PORT: '0', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  // A test that fails must not leave it running.
  const end = () => child.kill('SIGTERM')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  let output = ''
  const watchers = new Set<() => void>()
  const hear = (chunk: Buffer): void => {
    output += chunk
    for (const watcher of watchers) watcher()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const ended = new Promise<Ended>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
  const until = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const watcher = () => {
        if (!pattern.test(output)) return
        watchers.delete(watcher)
        resolve()
      }
      watchers.add(watcher)
      watcher()
      void ended.then(({ code, signal }) => reject(new Error(`It ended with ${code ?? signal}:\n${output}`)))
    })
  const stop = (signal: NodeJS.Signals = 'SIGINT'): Promise<Ended> => {
    child.kill(signal)
    return ended
  }
  return { child, output: () => output, until, stop, ended }
}

function parse(output: string): ReadyOutput {
  const tokens = [...output.matchAll(/^ {2}(\w+) +(eyJ[\w-]+\.[\w-]+\.[\w-]+)/gm)].map(
    (match) => [match[1]!, match[2]!] as const,
  )
  return { databaseUrl: /Database +(\S+)/.exec(output)?.[1] ?? '', tokens: Object.fromEntries(tokens) }
}

/** What GraphQL answers. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: tests read it as they asked for it.
  readonly data: any
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

/** Sends a query as somebody. */
export async function graphql(url: string, token: string | null, query: string): Promise<Answer> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query }),
  })
  return (await answer.json()) as never
}
