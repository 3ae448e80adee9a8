import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import type { Worker } from 'node:worker_threads'
import { platformRoles } from '#migrations'
import { loadModel } from '#policies'
import { defaultLimits, loadDevKeys, startHttpServer } from '#server'
import { startAppRunner } from '../../server/jobs/app-runner.ts'
import { loadWork } from '../../server/jobs/load-work.ts'

// A process that serves the app of a test, or runs its jobs, to be killed.

const given = JSON.parse(process.env.KILL_9!) as Readonly<Record<'what' | 'url' | 'folder' | 'keys', string>>
const { model } = await loadModel(given.folder)
// Whoever is killed cannot say good-bye, and whoever started it may be gone.
process.once('disconnect', () => process.exit(0))
if (given.what === 'server') {
  const log = endThreadsWhenAsked()
  const server = await startHttpServer({
    ...{ model, host: '127.0.0.1', port: 0, introspection: false, limits: defaultLimits, appFolder: given.folder },
    ...{ databaseUrl: given.url, poolSize: 8, log },
    tokens: { kind: 'dev', app: model.app, keys: await loadDevKeys(given.keys) },
  })
  process.send!(server.url)
} else {
  const names = platformRoles(model.app)
  const work = await loadWork(model, given.folder)
  await startAppRunner({ model, work, names, databaseUrl: given.url, concurrency: 4, beatMs: 1000 })
  process.send!('ready')
}

/** Ends one of the threads of scripts whenever the parent says so, and tells whether a script was in it. */
function endThreadsWhenAsked(): (line: unknown) => void {
  const threads = new Set<Worker>()
  let hits = 0
  process.on('worker', (thread) => {
    threads.add(thread)
    thread.once('exit', () => threads.delete(thread))
  })
  process.on('message', () => void endThread().then((isHit) => process.send!(isHit ? 'hit' : 'idle')))
  const endThread = async (): Promise<boolean> => {
    const before = hits
    await [...threads][Math.floor(Math.random() * threads.size)]?.terminate()
    await sleep(50)
    return hits > before
  }
  return (line) => {
    if (inspect(line).includes('A script ended with its thread')) hits += 1
  }
}
