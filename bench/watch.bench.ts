import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bench, median } from './bench.ts'

/** What it may take at most, on two cores. */
const limitMs = 2_000

/** An edit of a file of the example, and how to see through HTTP that it is live. */
interface Edit {
  readonly name: string
  readonly file: string
  /** The file's text in a round; every round another. */
  readonly text: (original: string, round: number) => string
  readonly query: (round: number) => string
  readonly isLive: (answer: unknown, round: number) => boolean
}

const edits: readonly Edit[] = [
  {
    name: 'policy edit',
    file: 'policies/order.policy.ts',
    // Sales sees its orders in even rounds, and only the drafts among them in odd ones.
    text: (original, round) =>
      replaced(
        original,
        "to: 'read', where: { customer: ours } }",
        round % 2 === 0 ? null : "to: 'read', where: { customer: ours, status: 'draft' } }",
      ),
    query: () => `{ orders(filter: { status: { notEqualTo: draft } }) { totalCount } }`,
    isLive: (answer, round) => {
      const { orders } = answer as { readonly orders?: { readonly totalCount: number } }
      return orders !== undefined && orders.totalCount > 0 === (round % 2 === 0)
    },
  },
  {
    name: 'field added',
    file: 'schema/product.entity.ts',
    text: (original, round) => {
      const fields = Array.from(
        { length: round },
        (_, at) => `    bench${at + 1}: string({ optional: true, max: 80 }),\n`,
      )
      return replaced(original, '  fields: {\n', `  fields: {\n${fields.join('')}`)
    },
    query: (round) => `{ products(first: 1) { nodes { bench${round} } } }`,
    isLive: (answer) => 'products' in (answer as object),
  },
  {
    name: 'note changed',
    file: 'schema/invoice.entity.ts',
    text: (original, round) => original.replace(/note: '[^']*'/, `note: 'Round ${round}.'`),
    query: () => '{ __type(name: "Invoice") { description } }',
    isLive: (answer, round) => JSON.stringify(answer).includes(`Round ${round}.`),
  },
]

/** From the write of a file to an answer of the new version, on a running `rowhouse dev`. */
export const bench: Bench = {
  summary: 'an edited file of the example to the first answer that shows it',
  async run({ quick, note }) {
    const rounds = quick ? 4 : 12
    const root = join(import.meta.dirname, '..')
    mkdirSync(join(root, '.tmp'), { recursive: true })
    const parent = mkdtempSync(join(root, '.tmp', 'bench-watch-'))
    const data = mkdtempSync(join(tmpdir(), 'rowhouse-bench-watch-'))
    // As root, Postgres runs as another user.
    chmodSync(data, 0o755)
    const folder = join(parent, 'invoicing')
    cpSync(join(root, 'examples/invoicing'), folder, { recursive: true })
    const server = start(folder, data)
    try {
      const { url, token } = await ready(server)
      // What the server does on its own after the start is not measured.
      await sleep(3000)
      const ask = (query: string) => answer(url, token, query)
      const times: Record<string, number[]> = {}
      for (const edit of edits) {
        const path = join(folder, edit.file)
        const original = readFileSync(path, 'utf8')
        times[edit.name] = []
        for (let round = 1; round <= rounds; round++) {
          times[edit.name]!.push(await untilLive(edit, { path, original, round, ask }))
        }
        note(`${edit.name}: ${times[edit.name]!.map((ms) => Math.round(ms)).join(', ')} ms`)
      }
      return {
        runs: Object.entries(times).map(([name, ms]) => ({ name, ms })),
        ratios: Object.fromEntries(
          Object.entries(times).map(([name, ms]) => [`${name} / limit of 2 s`, median(ms) / limitMs]),
        ),
      }
    } finally {
      server.kill('SIGINT')
      await new Promise((resolve) => server.once('exit', resolve))
      for (const path of [parent, data]) rmSync(path, { recursive: true, force: true })
    }
  },
}

interface Round {
  readonly path: string
  readonly original: string
  readonly round: number
  readonly ask: (query: string) => Promise<unknown>
}

async function untilLive(edit: Edit, { path, original, round, ask }: Round): Promise<number> {
  const started = performance.now()
  writeFileSync(path, edit.text(original, round))
  for (;;) {
    if (edit.isLive(await ask(edit.query(round)), round)) break
    if (performance.now() - started > 30_000) throw new Error(`${edit.name} was not live after 30 s.`)
    // Whoever asks without a pause takes the processor from what he waits for.
    await sleep(20)
  }
  const elapsed = performance.now() - started
  // The next edit begins when this one is over, its last checks included.
  await sleep(1500)
  return elapsed
}

function replaced(text: string, from: string, to: string | null): string {
  if (!text.includes(from)) throw new Error(`The example does not hold ${JSON.stringify(from)} any more.`)
  return to === null ? text : text.replace(from, () => to)
}

function start(folder: string, data: string): ChildProcess {
  return spawn(process.execPath, ['bin/rowhouse.mjs', 'dev', folder], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, PORT: '0', ROWHOUSE_DATA: join(data, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Resolves with the printed URL and the token of sam, of sales. */
async function ready(server: ChildProcess): Promise<{ readonly url: string; readonly token: string }> {
  let output = ''
  server.stderr!.on('data', (chunk) => (output += chunk))
  return new Promise((resolve, reject) => {
    server.stdout!.on('data', (chunk) => {
      output += chunk
      const url = /http:\/\/[\w.[\]:]+:\d+/.exec(output)?.[0]
      const token = /^ {2}sam +(\S+)/m.exec(output)?.[1]
      if (url !== undefined && token !== undefined && output.includes('Ctrl-C')) resolve({ url, token })
    })
    server.once('exit', (code) => reject(new Error(`The server ended with ${code} before it was ready:\n${output}`)))
  })
}

/** `data`, or an empty object where there is none. */
async function answer(url: string, token: string, query: string): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  })
  const { data } = (await response.json()) as { readonly data?: unknown }
  return data ?? {}
}
