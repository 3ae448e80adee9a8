import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bench, median } from './bench.ts'

/** Limits that the README promises, on two cores. */
const firstLimitMs = 15_000
const laterLimitMs = 3_000

/** `npm start` from an empty data folder to ready, and again on the data that it left. */
export const bench: Bench = {
  summary: 'first start of the example to ready, and a later one',
  async run({ quick, note }) {
    const rounds = quick ? 2 : 5
    const first: number[] = []
    const later: number[] = []
    for (let round = 0; round < rounds; round++) {
      const data = mkdtempSync(join(tmpdir(), 'rowhouse-bench-start-'))
      // As root, Postgres runs as another user.
      chmodSync(data, 0o755)
      try {
        first.push(await startToReady(data))
        later.push(await startToReady(data))
      } finally {
        rmSync(data, { recursive: true, force: true })
      }
      note(`round ${round + 1}: first ${Math.round(first.at(-1)!)} ms, later ${Math.round(later.at(-1)!)} ms`)
    }
    return {
      runs: [
        { name: 'first start to ready', ms: first },
        { name: 'later start to ready', ms: later },
      ],
      ratios: {
        'first start / limit of 15 s': median(first) / firstLimitMs,
        'later start / limit of 3 s': median(later) / laterLimitMs,
      },
    }
  },
}

async function startToReady(data: string): Promise<number> {
  const started = performance.now()
  const server = spawn(process.execPath, ['bin/rowhouse.mjs', 'dev', 'examples/invoicing'], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, PORT: '0', ROWHOUSE_DATA: join(data, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await ready(server)
  const elapsed = performance.now() - started
  server.kill('SIGINT')
  await new Promise((resolve) => server.once('exit', resolve))
  return elapsed
}

/** Resolves when `/readyz` of the printed URL answers 200. */
async function ready(server: ChildProcess): Promise<void> {
  let output = ''
  server.stderr!.on('data', (chunk) => (output += chunk))
  const url = await new Promise<string>((resolve, reject) => {
    server.stdout!.on('data', (chunk) => {
      output += chunk
      const found = /http:\/\/[\w.[\]:]+:\d+/.exec(output)
      if (found !== null) resolve(found[0])
    })
    server.once('exit', (code) => reject(new Error(`The server ended with ${code} before it was ready:\n${output}`)))
  })
  const answer = await fetch(`${url}/readyz`)
  if (answer.status !== 200) throw new Error(`/readyz answered ${answer.status} after the URL was printed.`)
}
