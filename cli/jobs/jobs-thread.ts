import { parentPort, workerData } from 'node:worker_threads'
import { Bug, deepFreeze } from '#base'
import { type AppRunner, loadWork, secretKeysOf, sentError, startAppRunner } from '#server'
import { shownText } from '../output/shown-text.ts'
import { jobLine } from './job-line.ts'
import type { FromJobs, JobsPlan } from './job-messages.ts'

// A thread that runs the jobs of an app: nothing that a body does takes the time of requests.

const port = parentPort
if (port === null) throw new Bug('Jobs run in a thread.')
const tell = (message: FromJobs) => port.postMessage(message)
// What failed may say what a tenant wrote.
const say = (text: string) => tell({ kind: 'said', text: shownText(text, 2_000) })

const { alive, ...plan } = workerData as JobsPlan
const live = () => {
  alive[0] = Date.now()
}
live()
setInterval(live, 250)

let runner: AppRunner | null = null
const starting = start()
port.on('message', () => void close())

async function start(): Promise<void> {
  const { folder, settings, names, databaseUrl } = plan
  const model = deepFreeze(plan.model)
  try {
    const work = await loadWork(model, folder)
    runner = await startAppRunner({
      ...{ model, work, names, databaseUrl, say, limits: settings.limits, appFolder: folder },
      scriptSettings: settings.scripts,
      isSessionKept: settings.databasePooling !== 'transaction',
      concurrency: settings.poolSize,
      secretKeys: await secretKeysOf(model, settings),
      onBegin: ({ timeoutSeconds }) => {
        alive[1] = Date.now() + timeoutSeconds * 1000
      },
      log: (event) => say(jobLine(event)),
    })
    tell({ kind: 'ready', names: [...work.keys()].sort() })
  } catch (error) {
    tell({ kind: 'failed', error: sentError(error) })
  }
}

async function close(): Promise<void> {
  await starting
  await runner?.close()
  tell({ kind: 'closed' })
}
