import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { plainFiles } from '#schema'
import { receivedError } from '#server'
import { threadEnv } from '../thread-env.ts'
import type { FromJobs, JobsPlan } from './job-messages.ts'

/** Whose jobs are run, and who hears what is said. */
export interface JobServiceOptions {
  readonly plan: Omit<JobsPlan, 'alive'>
  readonly say: (text: string) => void
}

/** True for an app that has something to run. */
export function hasWork({ model, folder }: Pick<JobsPlan, 'model' | 'folder'>): boolean {
  if ((model.subscribers ?? []).length > 0) return true
  return existsSync(join(folder, 'workers')) && plainFiles(join(folder, 'workers')).length > 0
}

const maxYoungGenerationSizeMb = 48
/** A body that does not even let its thread look at the clock is ended this long after its time. */
const patienceMs = 5000
/** Importing an app may take long on a busy machine; a file that never ends is given up after this. */
const beginMs = 60_000
const restartMs = 1000

/** Runs the jobs of an app in a thread of its own, and another one when that ends or is stuck. */
export class JobService {
  /** Workers and subscribers, sorted. */
  readonly names: readonly string[]
  readonly #options: JobServiceOptions
  readonly #watch: NodeJS.Timeout
  #thread: Running
  readonly #closing = new AbortController()

  private constructor(options: JobServiceOptions, thread: Running) {
    this.#options = options
    this.#thread = thread
    this.names = thread.names
    this.#watch = setInterval(() => this.#endStuck(), 1000)
    this.#watch.unref()
    this.#follow(thread)
  }

  /** @throws ModelError what is wrong with a file in `workers/`, and what connecting throws */
  static async open(options: JobServiceOptions, signal?: AbortSignal): Promise<JobService> {
    return new JobService(options, await Running.begin(options, signal))
  }

  /** Lets running jobs finish for a while, and gives back the others. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('Jobs end.'))
    clearInterval(this.#watch)
    await this.#thread.close()
  }

  #endStuck(): void {
    if (!this.#thread.isStuck) return
    this.#options.say('A job did not let go of its thread, which was ended; others go on in a new one.')
    void this.#thread.end()
  }

  #follow(thread: Running): void {
    void thread.gone.then(async () => {
      const { signal } = this.#closing
      while (!signal.aborted) {
        await sleep(restartMs)
        try {
          if (signal.aborted) return
          this.#thread = await Running.begin(this.#options, signal)
          this.#follow(this.#thread)
          // Whoever closed meanwhile knew of the one before alone.
          if (signal.aborted) await this.#thread.close()
          return
        } catch (error) {
          if (signal.aborted) return
          this.#options.say(`Jobs are not run: ${(error as Error).message}`)
        }
      }
    })
  }
}

class Running {
  readonly names: readonly string[]
  readonly gone: Promise<void>
  readonly #thread: Worker
  readonly #alive: Float64Array

  private constructor(thread: Worker, alive: Float64Array, names: readonly string[]) {
    this.#thread = thread
    this.#alive = alive
    this.names = names
    this.gone = new Promise((resolve) => thread.once('exit', () => resolve()))
  }

  static async begin({ plan, say }: JobServiceOptions, signal?: AbortSignal): Promise<Running> {
    const alive = new Float64Array(new SharedArrayBuffer(16))
    const entry = new URL(`./jobs-thread${extname(import.meta.url)}`, import.meta.url)
    const { model, folder, settings, names, databaseUrl } = plan
    const workerData: JobsPlan = { model, folder, settings, names, databaseUrl, alive }
    const thread = new Worker(entry, { workerData, env: threadEnv(), resourceLimits: { maxYoungGenerationSizeMb } })
    thread.on('message', (message: FromJobs) => message.kind === 'said' && say(message.text))
    thread.on('error', (error) =>
      say(`What runs jobs ended: ${error instanceof Error ? error.message : String(error)}`),
    )
    try {
      return new Running(thread, alive, await begun(thread, signal))
    } catch (error) {
      await thread.terminate()
      throw error
    }
  }

  get isStuck(): boolean {
    return isOverdue(Math.max(this.#alive[0]!, this.#alive[1]!))
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#thread.on('message', (message: FromJobs) => message.kind === 'closed' && resolve())
    })
    this.#thread.postMessage('close')
    // Who ends does not wait for the time that a body has which holds its thread.
    const watch = setInterval(() => isOverdue(this.#alive[0]!) && void this.end(), 250)
    // It may have ended long ago.
    await Promise.race([closed, this.gone])
    clearInterval(watch)
    await this.end()
  }

  async end(): Promise<void> {
    await this.#thread.terminate()
  }
}

function isOverdue(since: number): boolean {
  return Date.now() - since > patienceMs
}

/** The names of what a new thread runs. A file of the app may never end, or end its thread, while it is imported. */
async function begun(thread: Worker, signal?: AbortSignal): Promise<readonly string[]> {
  let deadline: NodeJS.Timeout | undefined
  try {
    return await new Promise((resolve, reject) => {
      thread.on('message', (message: FromJobs) => {
        if (message.kind === 'ready') resolve(message.names)
        if (message.kind === 'failed') reject(receivedError(message.error))
      })
      thread.once('error', reject)
      thread.once('exit', () => reject(new Error('What runs jobs ended before it began.')))
      if (signal?.aborted) reject(signal.reason)
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      const late = `The files of the app were not imported for jobs within ${beginMs / 1000} seconds.`
      deadline = setTimeout(() => reject(new Error(late)), beginMs)
    })
  } finally {
    clearTimeout(deadline)
  }
}
