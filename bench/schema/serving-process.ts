import { platformRoles } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { loadDevKeys, readSettings } from '#server'
import { Generations } from '../../cli/dev/generations/generations.ts'

// Serves a large app as `dev` does, without a database, which neither the building of an API nor a question for its names needs. Swaps it when told to.

/** What the benchmark is told. */
export type Told =
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'swapped'; readonly ms: number; readonly note: string }

const [folder = ''] = process.argv.slice(2)
process.env.GRAPHILE_ENV = 'production'
const tell = (told: Told) => process.send?.(told)
const { model } = await loadModel(folder, { app: 'large' })
const settings = await readSettings({ folder, purpose: 'dev', environment: { PORT: '0' } })
const keys = await loadDevKeys(settings.dataFolder)
const generations = await Generations.open({
  plan: {
    model,
    folder,
    settings,
    names: platformRoles('large', 'large_login'),
    databaseUrl: 'postgres://nobody@127.0.0.1:1/nothing',
    provisionUrl: null,
    tokens: { kind: 'dev', app: 'large', keys },
    workshop: null,
  },
  say: (text) => console.error(text),
})
generations.warm()

let count = 0
process.on('message', (message: 'swap' | 'stop') => {
  if (message === 'stop') void generations.close().then(() => process.exit())
  else void swap(`Swap ${++count}.`)
})
process.once('disconnect', () => process.exit())
tell({ kind: 'ready', url: generations.url })

async function swap(note: string): Promise<void> {
  const started = performance.now()
  await generations.replace(noted(note), async () => undefined)
  tell({ kind: 'swapped', ms: performance.now() - started, note })
  generations.warm()
}

function noted(note: string): Model {
  return { ...model, entities: model.entities.map((each) => (each.name === 'Thing0' ? { ...each, note } : each)) }
}
