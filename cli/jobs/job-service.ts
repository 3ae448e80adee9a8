import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { plainFiles } from '#schema'
import { receivedError } from '#server'
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
const restartMs = 1000

/** Runs the jobs of an app in a thread of its own, and another one when that ends or is stuck. */
export class JobService {
  /** Workers and subscribers, sorted. */
  readonly names: readonly string[]
  readonly #options: JobServiceOptions
  readonly #watch: NodeJS.Timeout
  #thread: Running
  #isClosing = false

  private constructor(options: JobServiceOptions, thread: Running) {
    this.#options = options
    this.#thread = thread
    this.names = thread.names
    this.#watch = setInterval(() => this.#endStuck(), 1000)
    this.#watch.unref()
    this.#follow(thread)
  }

  /** @throws ModelError what is wrong with a file in `workers/`, and what connecting throws */
  static async open(options: JobServiceOptions): Promise<JobService> {
    return new JobService(options, await Running.begin(options))
  }

  /** Lets running jobs finish for a while, and gives back the others. */
  async close(): Promise<void> {
    this.#isClosing = true
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
      while (!this.#isClosing) {
        await sleep(restartMs)
        try {
          if (this.#isClosing) return
          this.#thread = await Running.begin(this.#options)
          this.#follow(this.#thread)
          if (this.#isClosing) await this.#thread.close()
          return
        } catch (error) {
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

  private constructor(thread: Worker, alive: Float64Array, ready: Extract<FromJobs, { kind: 'ready' }>) {
    this.#thread = thread
    this.#alive = alive
    this.names = ready.names
    this.gone = new Promise((resolve) => thread.once('exit', () => resolve()))
  }

  static async begin({ plan, say }: JobServiceOptions): Promise<Running> {
    const alive = new Float64Array(new SharedArrayBuffer(16))
    const entry = new URL(`./jobs-thread${extname(import.meta.url)}`, import.meta.url)
    const { model, folder, settings, names, databaseUrl } = plan
    const workerData: JobsPlan = { model, folder, settings, names, databaseUrl, alive }
    const thread = new Worker(entry, { workerData, resourceLimits: { maxYoungGenerationSizeMb } })
    const first = await new Promise<FromJobs>((resolve, reject) => {
      thread.on('message', (message: FromJobs) => (message.kind === 'said' ? say(message.text) : resolve(message)))
      thread.on('error', (error) => {
        say(`What runs jobs ended: ${error instanceof Error ? error.message : String(error)}`)
        reject(error)
      })
    })
    if (first.kind === 'ready') return new Running(thread, alive, first)
    await thread.terminate()
    throw first.kind === 'failed' ? receivedError(first.error) : new Error('What runs jobs ended before it began.')
  }

  get isStuck(): boolean {
    return Date.now() - Math.max(this.#alive[0]!, this.#alive[1]!) > patienceMs
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#thread.on('message', (message: FromJobs) => message.kind === 'closed' && resolve())
      this.#thread.once('exit', () => resolve())
    })
    this.#thread.postMessage('close')
    await closed
    await this.end()
  }

  async end(): Promise<void> {
    await this.#thread.terminate()
  }
}
