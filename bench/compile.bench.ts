import { buildCatalog, renderCatalog } from '#migrations'
import { loadModel } from '#policies'
import { scratchFolder } from '../test/types/compile.ts'
import { writeLargeApp } from '../test/types/large-app.ts'
import { type Bench, median } from './bench.ts'

const entities = 300
const limitMs = 2000

/** From the model of a large app to the SQL of its database. */
export const bench: Bench = {
  summary: `a model of ${entities} entities with eight rules each to SQL`,
  async run({ quick, note }) {
    using folder = scratchFolder()
    writeLargeApp(folder.path, entities)
    const loading = performance.now()
    const { model } = await loadModel(folder.path, { app: 'large' })
    const loadMs = performance.now() - loading
    const times: number[] = []
    const texts = new Set<string>()
    for (let round = 0; round < (quick ? 3 : 10); round++) {
      const started = performance.now()
      texts.add(renderCatalog(buildCatalog(model)))
      times.push(performance.now() - started)
    }
    if (texts.size !== 1) throw new Error('The same model gave different SQL.')
    note(`${Math.round([...texts][0]!.length / 1000)} kB of SQL, the same in each round`)
    return {
      runs: [
        { name: `files of ${entities} entities to the model`, ms: [loadMs] },
        { name: `model of ${entities} entities to SQL`, ms: times },
      ],
      ratios: {
        'model to SQL / limit of 2 s': median(times) / limitMs,
        'first model to SQL / limit of 2 s': times[0]! / limitMs,
      },
    }
  },
}
