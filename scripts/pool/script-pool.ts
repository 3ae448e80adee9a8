import { availableParallelism } from 'node:os'
import { RequestError } from '#base'
import { defaultTenantLimits, type TenantLimits } from '../limits.ts'
import type { CompiledScript, ScriptCall, ScriptOutcome } from '../script-call.ts'
import { type Clock, machineClock } from './clock.ts'
import { FairQueue } from './fair-queue.ts'
import { PoolRun } from './pool-run.ts'
import { type ScriptLine, ScriptLines } from './script-lines.ts'
import { ScriptThread } from './script-thread.ts'
import { TenantUsage } from './tenant-usage.ts'
import { tooManyWait, WaitingRun } from './waiting-run.ts'

/** How a pool is made. */
export interface ScriptPoolOptions {
  /** Threads that run scripts at the same time. Default: as many as processors, four at least. */
  readonly threads?: number
  /** Threads of one tenant at most. Default: half of them. */
  readonly threadsOfTenant?: number
  /** Runs of one tenant that may wait for a thread. Default: 100. */
  readonly waitingOfTenant?: number
  /** Runs that may wait for a thread. Default: 1,000. */
  readonly waiting?: number
  /** Milliseconds that a run may wait for a thread, but for those in which all threads still begin. Default: 5,000. */
  readonly waitMs?: number
  /** What all values of the scripts of one thread may take, the engine's own 16 MiB with them. Default: 64 MiB. */
  readonly heapBytes?: number
  /** What all runs of a tenant may use together within a minute. */
  readonly tenant?: Partial<TenantLimits>
  /** Milliseconds after its deadline at which a thread is ended that does not listen. Default: 200. */
  readonly graceMs?: number
  /** Takes what scripts log, a bounded part of it. */
  readonly onLine?: (line: ScriptLine) => void
  /** Only for tests. */
  readonly clock?: Clock
  /** Only for tests: where threads begin. */
  readonly entry?: URL
}

/** Runs scripts in threads. */
export interface ScriptPool {
  /**
   * How the run ended; what the script did is in there, whatever it was.
   *
   * @throws RequestError LIMIT when too many wait, or the tenant has used up its minute; UNAVAILABLE when no thread begins
   */
  run(script: CompiledScript, call: ScriptCall): Promise<ScriptOutcome>
  /** Starts a thread ahead of the first run. */
  warm(): void
  /** Ends all threads, and what runs in them. */
  close(): Promise<void>
}

/** A pool without any thread yet. */
export function openScriptPool(options: ScriptPoolOptions = {}): ScriptPool {
  return new Pool(options)
}

/** Runs in the same lane are at most so deep inside of each other. */
const mostInLane = 8
/** Threads that cannot begin are tried so often before whoever waits is refused. */
const mostFailedStarts = 3
/** A thread is ended after so many runs, or once its engine has grown by so much. */
const mostServed = 10_000
const firstHeapBytes = 16 * 1024 * 1024
const mostGrownBytes = 24 * 1024 * 1024

class Pool implements ScriptPool {
  readonly #options: Required<Omit<ScriptPoolOptions, 'tenant' | 'entry' | 'onLine'>> & Pick<ScriptPoolOptions, 'entry'>
  readonly #threads = new Set<ScriptThread>()
  /** Threads that a run was given, by its tenant, until nothing of it is left in them. */
  readonly #taken = new Map<ScriptThread, Taken>()
  readonly #ending = new Set<Promise<void>>()
  readonly #queue = new FairQueue<WaitingRun>()
  readonly #usage: TenantUsage
  readonly #lines: ScriptLines | null
  readonly #lanes = new Map<object, ScriptThread>()
  #failedStarts = 0
  #isClosed = false

  constructor({ tenant, onLine, ...options }: ScriptPoolOptions) {
    const threads = options.threads ?? Math.max(4, availableParallelism())
    const usual = { threads, threadsOfTenant: Math.ceil(threads / 2), waitingOfTenant: 100, waiting: 1_000 }
    const times = { waitMs: 5_000, graceMs: 200, heapBytes: 64 * 1024 * 1024, clock: machineClock }
    this.#options = { ...usual, ...times, ...options }
    this.#usage = new TenantUsage({ ...defaultTenantLimits, ...tenant })
    this.#lines = onLine === undefined ? null : new ScriptLines(onLine, this.#options.clock)
  }

  async run(script: CompiledScript, call: ScriptCall): Promise<ScriptOutcome> {
    const { tenant, lane } = call
    this.#refuseUsedUp(tenant ?? '')
    const shared = lane === undefined ? undefined : this.#lanes.get(lane)
    if (shared !== undefined && !shared.isGone) return this.#runIn(shared, script, call)
    const thread = await this.#threadFor(tenant ?? '', call.signal)
    if (lane !== undefined) this.#lanes.set(lane, thread)
    try {
      return await this.#runIn(thread, script, call)
    } finally {
      if (lane !== undefined && this.#lanes.get(lane) === thread) this.#lanes.delete(lane)
      const taken = this.#taken.get(thread)
      if (taken !== undefined) taken.isOver = true
      this.#free(thread)
    }
  }

  warm(): void {
    this.#keepThreads()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#refuseWaiting(new RequestError('UNAVAILABLE', 'The server is about to end.'))
    for (const thread of this.#threads) this.#kill(thread, 'the server ends')
    await Promise.all(this.#ending)
  }

  async #runIn(thread: ScriptThread, script: CompiledScript, call: ScriptCall): Promise<ScriptOutcome> {
    if (thread.running >= mostInLane)
      throw new RequestError('LIMIT', 'Scripts run each other too deeply.', { limit: 'scriptDepth', max: mostInLane })
    const { clock, graceMs } = this.#options
    const kill = (reason: string) => this.#kill(thread, reason)
    const run = new PoolRun({ thread, script, call, clock, graceMs, kill, lines: this.#lines })
    const outcome = await run.outcome
    const { ms, hostCalls, rows } = outcome
    this.#usage.add(call.tenant ?? '', { timeMs: ms, hostCalls, rows }, clock.now())
    return outcome
  }

  #refuseUsedUp(tenant: string): void {
    if (this.#isClosed) throw new RequestError('UNAVAILABLE', 'The server is about to end.')
    const used = this.#usage.usedUp(tenant, this.#options.clock.now())
    if (used === null) return
    const details = { limit: `scripts.${used.what}`, retryInSeconds: Math.ceil(used.retryInMs / 1_000) }
    throw new RequestError('LIMIT', 'Scripts of this tenant have used up what they may use in a minute.', details)
  }

  #threadFor(tenant: string, signal: AbortSignal | undefined): Promise<ScriptThread> {
    const { waiting, waitingOfTenant, waitMs, clock } = this.#options
    if (this.#queue.size >= waiting || this.#queue.sizeOf(tenant) >= waitingOfTenant)
      return Promise.reject(tooManyWait('Too many scripts wait to be run.'))
    const run = new WaitingRun({
      ...{ tenant, waitMs, clock, signal },
      isStarting: () => ![...this.#threads].some((thread) => thread.isReady),
      leave: (left) => this.#queue.remove(tenant, left),
    })
    this.#queue.push(tenant, run)
    this.#assign()
    return run.thread
  }

  /** Gives threads that are free to who waits, each tenant in its turn. */
  #assign(): void {
    if (this.#isClosed) return
    const mayRun = (tenant: string) => this.#usage.running(tenant) < this.#options.threadsOfTenant
    for (const thread of this.#threads) {
      if (this.#taken.size >= this.#options.threads) break
      if (!thread.isReady || this.#taken.has(thread)) continue
      const next = this.#queue.take(mayRun)
      if (next === null) break
      this.#taken.set(thread, { tenant: next.tenant, isOver: false })
      this.#usage.change(next.tenant, 1)
      next.begin(thread)
    }
    this.#keepThreads()
  }

  /** As many threads as run scripts or are waited for, and one more that is ready when one of them has to be ended. */
  #keepThreads(): void {
    if (this.#isClosed) return
    const wanted = Math.min(this.#options.threads, this.#taken.size + this.#queue.size) + 1
    while (this.#threads.size < wanted && this.#failedStarts < mostFailedStarts) this.#start()
  }

  #start(): void {
    const { heapBytes, entry } = this.#options
    const hearing = {
      ready: () => {
        this.#failedStarts = 0
        this.#assign()
      },
      freed: () => this.#free(thread),
      died: (reason: string) => this.#forget(thread, reason),
    }
    const thread: ScriptThread = new ScriptThread({ heapBytes }, hearing, entry)
    this.#threads.add(thread)
  }

  /** A thread in which nothing of a run is left serves the next. */
  #free(thread: ScriptThread): void {
    const taken = this.#taken.get(thread)
    if (taken === undefined || !taken.isOver || (thread.running > 0 && !thread.isGone)) return
    this.#taken.delete(thread)
    this.#usage.change(taken.tenant, -1)
    const isWorn = thread.served >= mostServed || thread.heapBytes > firstHeapBytes + mostGrownBytes
    if (isWorn && !thread.isGone) this.#kill(thread, 'it has served enough')
    this.#assign()
  }

  #forget(thread: ScriptThread, reason: string): void {
    this.#threads.delete(thread)
    this.#free(thread)
    if (!thread.wasReady) this.#failedStarts += 1
    if (this.#failedStarts < mostFailedStarts) {
      this.#assign()
    } else {
      // Whoever comes next tries once more.
      this.#failedStarts = mostFailedStarts - 1
      this.#refuseWaiting(new RequestError('UNAVAILABLE', 'No thread for scripts begins.', { reason }))
    }
  }

  #refuseWaiting(error: RequestError): void {
    for (const run of this.#queue.clear()) run.refuse(error)
  }

  #kill(thread: ScriptThread, reason: string): void {
    const ended = thread.kill(reason)
    this.#ending.add(ended)
    void ended.finally(() => this.#ending.delete(ended))
  }
}

interface Taken {
  readonly tenant: string
  /** Its run has told its outcome. */
  isOver: boolean
}
