import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { Bug } from '#base'
import { loadModel } from '#policies'
import {
  appName,
  loadBodies,
  loadConfig,
  loadSeed,
  type SeedData,
  type Settings,
  type ShownProblem,
  validSettings,
} from '#server'
import { declaredExports } from '../../app/declared-exports.ts'
import { shownProblems } from '../../output/shown-problems.ts'
import { shownWarnings } from '../../output/warnings.ts'
import { docsFolder } from '../../package-root.ts'
import { checkPeople } from '../../people/check-people.ts'
import type { LoaderMessage, LoaderPlan, LoadResult } from './app-snapshot.ts'
import { watchImports } from './import-graph.ts'

// A thread of its own for one load of an app: the author's code runs here, and ends with it. Everything that it needs is imported already when it is asked to load.
const { folder, environment } = workerData as LoaderPlan
const port = parentPort
if (port === null) throw new Bug('The loader runs in a thread.')
const say = (message: LoaderMessage) => port.postMessage(message)

port.once('message', (withSeed: boolean) => {
  // A mistake of ours ends the thread, which is heard.
  void load(withSeed).then((result) => say({ kind: 'result', result }))
})

async function load(withSeed: boolean): Promise<LoadResult> {
  const root = realpathSync(folder)
  const graph = watchImports(root, (file) => say({ kind: 'entered', file }))
  const problems: ShownProblem[] = []
  const read = <T>(what: () => Promise<T>): Promise<T | null> =>
    what().catch((error: unknown) => {
      problems.push(...inWords(error, root))
      return null
    })
  const config = await read(() => loadConfig(root))
  const settings = config === null ? null : await read(async () => settingsOf(config))
  const loaded = await read(() => loadModel(root, config === null ? {} : { app: appName(config, root) }))
  // What is wrong with the code that requests run is told with all else.
  if (loaded !== null) await read(() => loadBodies(loaded.model, { folder: root }))
  if (loaded !== null && settings !== null) await read(async () => checkPeople(loaded.model, settings.people))
  const seed: SeedData | 'unread' | null = withSeed ? await read(() => loadSeed(root)) : 'unread'
  const files = { all: graph.files(), seed: graph.from(join(root, 'seed.ts')) }
  if (loaded !== null && settings !== null && problems.length === 0) {
    const { model, hash, exports } = loaded
    const warnings = shownWarnings(loaded)
    return { kind: 'loaded', app: { folder: root, model, hash, exports, settings, warnings, seed }, files }
  }
  return { kind: 'broken', problems, declared: await declaredExports(root), files }
}

/** Nothing that could not be sent to another thread. */
function settingsOf(config: Parameters<typeof validSettings>[0]): Settings {
  return JSON.parse(JSON.stringify(validSettings(config, { folder, purpose: 'dev', environment }))) as Settings
}

function inWords(error: unknown, root: string): readonly ShownProblem[] {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return (
    shownProblems(error, { folder: root, docs: docsFolder() }) ?? [
      { code: 'INTERNAL', text: `This is a mistake of Rowhouse's own: ${text}` },
    ]
  )
}
