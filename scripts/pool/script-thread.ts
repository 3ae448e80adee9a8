import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { FromThread, ThreadEnd, ThreadPlan, ToThread } from './messages.ts'

/** What a thread tells of one run. */
export interface RunHearing {
  called(call: number, method: string, text: string): void
  logged(line: string): void
  ended(end: ThreadEnd): void
  /** Nothing of the run is left in the thread. */
  gone(): void
  /** The thread ended before the run was gone from it. */
  lost(reason: string): void
}

/** What a thread tells its pool. */
export interface ThreadHearing {
  ready(): void
  /** A run is gone from it. */
  freed(): void
  /** It has ended, or will. */
  died(reason: string): void
}

/** A thread in which scripts run. It ends when it is told to, whatever they do. */
export class ScriptThread {
  readonly #worker: Worker
  readonly #hearing: ThreadHearing
  readonly #runs = new Map<number, RunHearing>()
  #isReady = false
  #isGone = false
  #served = 0
  #heapBytes = 0

  constructor(plan: ThreadPlan, hearing: ThreadHearing, entry: URL = ownEntry()) {
    this.#hearing = hearing
    this.#worker = new Worker(entry, {
      ...{ workerData: plan, env: {}, argv: [], stdin: false, stdout: true, stderr: true },
      resourceLimits,
    })
    // What the engine prints when it gives up is no log of ours.
    this.#worker.stdout.resume()
    this.#worker.stderr.resume()
    this.#worker.on('message', (message: FromThread) => this.#hear(message))
    this.#worker.on('error', (error: Error) => this.#end(error.message))
    this.#worker.on('exit', () => this.#end('the thread ended'))
    this.#worker.unref()
  }

  /** It has begun, and still runs. */
  get isReady(): boolean {
    return this.#isReady && !this.#isGone
  }

  /** It has begun, whether or not it still runs. */
  get wasReady(): boolean {
    return this.#isReady
  }

  /** It takes no more. */
  get isGone(): boolean {
    return this.#isGone
  }

  /** How many runs it holds. */
  get running(): number {
    return this.#runs.size
  }

  /** How many runs it has begun. */
  get served(): number {
    return this.#served
  }

  /** What its engine holds, which never shrinks. */
  get heapBytes(): number {
    return this.#heapBytes
  }

  /** Begins a run, or goes on with one. */
  tell(message: ToThread, hearing?: RunHearing): void {
    if (hearing !== undefined) {
      this.#runs.set(message.run, hearing)
      this.#served += 1
      this.#worker.ref()
    }
    if (!this.#isGone) this.#worker.postMessage(message)
  }

  /** Ends it, whatever runs in it; resolves when it has. */
  async kill(reason: string): Promise<void> {
    this.#end(reason)
    await this.#worker.terminate()
  }

  #hear(message: FromThread): void {
    if (this.#isGone) return
    if (message.kind === 'broken') void this.kill(`the engine broke: ${message.message}`)
    else if (message.kind === 'gone') this.#free(message.run, message.heapBytes)
    else if (message.kind === 'ready') this.#begin()
    else this.#tellRun(message)
  }

  #begin(): void {
    this.#isReady = true
    this.#hearing.ready()
  }

  #tellRun(message: Extract<FromThread, { kind: 'call' | 'log' | 'end' }>): void {
    const run = this.#runs.get(message.run)
    if (message.kind === 'call') run?.called(message.call, message.method, message.text)
    else if (message.kind === 'log') run?.logged(message.line)
    else run?.ended(message.end)
  }

  #free(run: number, heapBytes: number): void {
    const hearing = this.#runs.get(run)
    this.#heapBytes = heapBytes
    this.#runs.delete(run)
    if (this.#runs.size === 0) this.#worker.unref()
    hearing?.gone()
    this.#hearing.freed()
  }

  #end(reason: string): void {
    if (this.#isGone) return
    this.#isGone = true
    const lost = [...this.#runs.values()]
    this.#runs.clear()
    for (const run of lost) run.lost(reason)
    this.#hearing.died(reason)
  }
}

/** Of what is around the engine, whose own memory is bounded by its plan. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 }

/** Unbuilt or built. */
function ownEntry(): URL {
  return new URL(`../sandbox/sandbox-thread${extname(import.meta.url)}`, import.meta.url)
}
