import { readFileSync } from 'node:fs'
import { extname, relative, resolve, sep } from 'node:path'
import { Worker } from 'node:worker_threads'
import { formatProblem, type Problem } from '#base'
import type { ShownProblem } from '#server'
import { docsFolder } from '../../package-root.ts'
import { threadEnv } from '../../thread-env.ts'
import type { LoaderMessage, LoaderPlan, LoadResult } from './app-snapshot.ts'

/** What the files of an app may take. */
export interface LoadLimits {
  /** How long they may run. Default: 10,000. */
  readonly deadlineMs?: number
  /** The author's code may not take the memory of the server along. Default: 2048. */
  readonly maxHeapMb?: number
}

const defaultDeadlineMs = 10_000
const defaultMaxHeapMb = 2048

/** How long a thread may take until it comes to them. */
const startMs = 60_000

/**
 * Loads an app again and again, each time in a fresh thread that is ended afterwards: nothing of a load stays in memory, and code that never ends cannot hold up
 * the server. The thread of a load can be started ahead of it.
 */
export class AppLoader {
  readonly #plan: LoaderPlan
  readonly #deadlineMs: number
  readonly #maxHeapMb: number
  #spare: Worker | null
  #isClosed = false

  constructor(plan: LoaderPlan, limits: LoadLimits = {}) {
    this.#plan = plan
    this.#deadlineMs = limits.deadlineMs ?? defaultDeadlineMs
    this.#maxHeapMb = limits.maxHeapMb ?? defaultMaxHeapMb
    this.#spare = startThread(plan, this.#maxHeapMb)
  }

  /**
   * What the app's files say now; null when the signal was aborted before that was known. Never rejects.
   *
   * @param withSeed whether to run `seed.ts` too
   */
  async load(withSeed: boolean, signal: AbortSignal): Promise<LoadResult | null> {
    const thread = this.#spare ?? startThread(this.#plan, this.#maxHeapMb)
    this.#spare = null
    const result = await this.#ask(thread, withSeed, signal)
    await thread.terminate()
    return result
  }

  /** Starts the thread of the next load. That takes longer than most loads, so it is for when there is time. */
  warm(): void {
    if (!this.#isClosed) this.#spare ??= startThread(this.#plan, this.#maxHeapMb)
  }

  /** Ends the thread that waits. A load that runs is ended by its signal. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#spare?.terminate()
    this.#spare = null
  }

  #ask(thread: Worker, withSeed: boolean, signal: AbortSignal): Promise<LoadResult | null> {
    let entered: string | null = null
    return new Promise((settle) => {
      const failed = (what: string) => settle(broken([this.#stopped(entered, what)]))
      const within = (ms: number) => setTimeout(() => failed(tooLong(ms)), ms)
      let deadline = within(startMs)
      const abort = () => settle(null)
      const done = (result: LoadResult) => {
        clearTimeout(deadline)
        settle(result)
      }
      signal.addEventListener('abort', abort, { once: true })
      thread.on('message', (message: LoaderMessage) => {
        if (message.kind === 'result') return done(message.result)
        if (entered === null) {
          clearTimeout(deadline)
          deadline = within(this.#deadlineMs)
        }
        entered = message.file
      })
      let cause = ''
      thread.once('error', (error: Error) => {
        cause = `: ${firstLine(error)}`
      })
      // An error comes by a way of its own and may overtake the name of the file; the exit overtakes nothing.
      thread.once('exit', () => {
        clearTimeout(deadline)
        signal.removeEventListener('abort', abort)
        failed(`ended the thread that loads the app${cause}`)
      })
      if (signal.aborted) abort()
      else thread.postMessage(withSeed)
    })
  }

  /** Said of the file that was entered last; what it imports may be to blame. */
  #stopped(file: string | null, what: string): ShownProblem {
    const at = file === null ? null : relative(this.#plan.folder, file).split(sep).join('/')
    const problem: Problem = {
      code: 'FILE_IMPORT_FAILED',
      message: `This file, or one that it imports, ${what}.`,
      at: at === null ? null : { file: at, line: 1, column: 1, endLine: 1, endColumn: 1 },
      hint: 'Files of an app only declare things: they neither wait, nor repeat without an end, nor end the process.',
      severity: 'error',
      related: null,
    }
    return {
      code: problem.code,
      text: formatProblem(problem, (name) => readSource(resolve(this.#plan.folder, name)), docsFolder()),
    }
  }
}

function startThread(plan: LoaderPlan, maxHeapMb: number): Worker {
  // Unbuilt or built.
  const entry = new URL(`./loader-thread${extname(import.meta.url)}`, import.meta.url)
  const thread = new Worker(entry, {
    workerData: plan,
    env: threadEnv(),
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  })
  // Heard where it matters, while it loads.
  thread.on('error', () => undefined)
  thread.unref()
  return thread
}

function broken(problems: readonly ShownProblem[]): LoadResult {
  return { kind: 'broken', problems, declared: null, files: { all: [], seed: [] } }
}

function tooLong(ms: number): string {
  return `was stopped after ${ms / 1000} seconds`
}

function firstLine({ message }: Error): string {
  return message.split('\n')[0] ?? ''
}

function readSource(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
