import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { scratchFolder } from '../test/types/compile.ts'
import { writeLargeApp } from '../test/types/large-app.ts'
import { type Bench, median, type Run } from './bench.ts'
import { ConstantLoad, type LoadResult } from './schema/constant-load.ts'
import type { Told } from './schema/serving-process.ts'

/** What it may take at most, on two cores. */
const limits = [
  { entities: 100, limitMs: 2_500 },
  { entities: 300, limitMs: 8_000 },
] as const
/** A pause of the server that somebody would feel. */
const pauseLimitMs = 250

/** From another model to the first answer by it, while requests are answered all the time. */
export const bench: Bench = {
  summary: 'a change of the API of 100 and of 300 entities to its first answer, under load',
  async run({ quick, note }) {
    const runs: Run[] = []
    const ratios: Record<string, number> = {}
    for (const { entities, limitMs } of limits) {
      const { times, loads } = await measure(entities, quick ? 1 : 4)
      const longest = loads.map(({ longestMs }) => longestMs)
      const failures = loads.flatMap((each) => each.failures)
      const answered = loads.reduce((sum, each) => sum + each.answered, 0)
      note(`${entities} entities: ${failures.length} of ${answered} requests failed ${failures.slice(0, 3).join(' ')}`)
      runs.push({ name: `${entities} entities: change to its first answer`, ms: times })
      runs.push({ name: `${entities} entities: longest answer meanwhile`, ms: longest })
      ratios[`schema/${entities}-entities-of-${limitMs}-ms`] = median(times) / limitMs
      ratios[`schema/${entities}-entities-longest-answer-of-${pauseLimitMs}-ms`] = Math.max(...longest) / pauseLimitMs
      ratios[`schema/${entities}-entities-failed-requests`] = failures.length
    }
    return { runs, ratios }
  },
}

async function measure(entities: number, rounds: number) {
  using folder = scratchFolder()
  writeLargeApp(folder.path, entities)
  const server = fork(join(import.meta.dirname, 'schema/serving-process.ts'), [folder.path])
  const times: number[] = []
  const loads: LoadResult[] = []
  try {
    const { url } = await told(server, 'ready')
    const load = new ConstantLoad(url)
    for (let round = 0; round < rounds; round++) {
      // The thread of the next version is ready, as after an edit a while ago.
      await sleep(4_000)
      load.take()
      server.send('swap')
      const { ms, note } = await told(server, 'swapped')
      load.announce(note)
      times.push(ms)
      await sleep(500)
      loads.push(load.take())
    }
    await load.stop()
  } finally {
    const ended = once(server, 'exit')
    server.send('stop')
    await ended
  }
  return { times, loads }
}

async function told<K extends Told['kind']>(server: ChildProcess, kind: K): Promise<Extract<Told, { kind: K }>> {
  const ended = once(server, 'exit').then(() => Promise.reject(new Error('The server ended.')))
  for (;;) {
    const [message] = (await Promise.race([once(server, 'message'), ended])) as [Told]
    if (message.kind === kind) return message as Extract<Told, { kind: K }>
  }
}
