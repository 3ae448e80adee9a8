import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile, scratchFolder } from '../test/types/compile.ts'
import { writeLargeApp } from '../test/types/large-app.ts'
import { type Bench, median } from './bench.ts'
import { startLanguageServer } from './types/language-server.ts'

const entities = 200
const fewEntities = 10
const completionLimitMs = 500
const instantiationsLimit = 1200

/** What editors make authors wait for, in an app of 200 entities with eight rules each. */
export const bench: Bench = {
  summary: 'type-checking and completion in an app of 200 entities with policies',
  async run({ quick, note }) {
    using folder = scratchFolder()
    writeLargeApp(folder.path, entities)
    const rounds = quick ? 10 : 40
    const completions = await completionTimes(folder.path, rounds)
    note(`${rounds} completions of fields, first ${Math.round(completions[0]!)} ms after the project was opened`)
    const engine = await fewInstantiations()
    const started = performance.now()
    const { instantiations } = await compile(folder.path)
    const checkMs = performance.now() - started
    note(
      `${instantiations} instantiations in all, ${engine} of them for the engine and the first ${fewEntities} entities`,
    )
    return {
      runs: [
        { name: 'completion after an edit', ms: completions.slice(1) },
        { name: 'tsc of the whole app, one thread', ms: [checkMs] },
      ],
      ratios: {
        'completion after an edit / limit of 500 ms': median(completions.slice(1)) / completionLimitMs,
        'slowest completion after an edit / limit of 500 ms': Math.max(...completions.slice(1)) / completionLimitMs,
        'instantiations per entity / limit of 1,200':
          (instantiations - engine) / (entities - fewEntities) / instantiationsLimit,
      },
    }
  },
}

/** An author goes through policies and types conditions: each edit is a new text, each completion offers the fields of an entity. */
async function completionTimes(folder: string, rounds: number): Promise<readonly number[]> {
  const server = await startLanguageServer(join(import.meta.dirname, '../node_modules/.bin/tsc'), folder)
  const times: number[] = []
  try {
    for (let round = 0; round <= rounds; round++) {
      const number = (round * 7) % entities
      const path = join(folder, `policies/thing-${number}.policy.ts`)
      const text = readFileSync(path, 'utf8')
      server.open(path, text)
      const lines = text.trimEnd().split('\n')
      const rule = `  'typed in round ${round}': { allow: 'staff', to: 'read', where: { team: { } } },`
      lines.splice(-1, 0, rule)
      const started = performance.now()
      server.change(path, lines.join('\n'))
      const offered = await server.complete(path, lines.length - 2, rule.lastIndexOf('{ ') + 2)
      times.push(performance.now() - started)
      if (!offered.some((label) => label.startsWith('name')))
        throw new Error(`The fields of Team are not offered, but ${offered.slice(0, 10).join(', ')}.`)
    }
  } finally {
    await server.close()
  }
  return times
}

/** What the engine's own types cost, with a handful of entities. */
async function fewInstantiations(): Promise<number> {
  using folder = scratchFolder()
  writeLargeApp(folder.path, fewEntities)
  return (await compile(folder.path)).instantiations
}
