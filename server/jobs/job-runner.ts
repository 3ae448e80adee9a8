import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { DoneJobs } from './done-jobs.ts'
import { JobClock } from './job-clock.ts'
import { JobQueue, type TakenJob } from './job-queue.ts'

/** What a runner knows of a task. */
export interface Task {
  readonly name: string
  readonly attempts: number
  readonly backoffSeconds: number
  readonly timeoutSeconds: number
  /** So many at once for each tenant, on all runners together. */
  readonly perTenant: number | null
  /** Five fields, in UTC. */
  readonly cron: string | null
  /** By the clock: one job for each tenant instead of one for all. */
  readonly isForTenants: boolean
}

/** What happens to jobs. Says nothing of their input. */
export type JobEvent =
  | {
      readonly kind: 'job-failed'
      readonly id: string
      readonly task: string
      readonly attempt: number
      readonly became: string
      readonly error: unknown
    }
  | { readonly kind: 'jobs-taken-over'; readonly count: number }
  | { readonly kind: 'queue-lost'; readonly error: unknown }

/** What a runner works with. */
export interface JobRunnerOptions {
  /** Of the login of the server. */
  readonly connectionString: string
  /** `<app>_jobs` */
  readonly role: string
  readonly isSessionKept?: boolean
  readonly tasks: readonly Task[]
  /** Jobs at once; 10 when left out. */
  readonly concurrency?: number
  /** Does a job. Resolves with `settled` where its end was kept with what it wrote, with `done` where it wrote nothing. */
  readonly work: (job: TakenJob, signal: AbortSignal, runner: JobRunner) => Promise<'settled' | 'done'>
  readonly log?: (event: JobEvent) => void
  /** Told before a job is begun. */
  readonly onBegin?: (task: Task) => void
  /** Between two signs of life; 5,000 when left out. Who gave none for three times as long is dead. */
  readonly beatMs?: number
  /** Between two looks where nobody tells of new jobs; 1,000 when left out, 200 behind a pooler. */
  readonly pollMs?: number
  /** What a body that was told to stop may take to do so; 1,000 when left out. */
  readonly graceMs?: number
}

interface Running {
  readonly job: TakenJob
  readonly controller: AbortController
  readonly beganAt: number
  readonly overAt: number
  giveUp: (() => void) | null
}

const mostAhead = 500
const aheadMs = 30
const deadlineCheckMs = 200

/** Takes jobs and does them, some at once, tenants in turn. */
export class JobRunner {
  readonly id = randomUUID()
  readonly queue: JobQueue
  readonly #options: JobRunnerOptions
  readonly #tasks: ReadonlyMap<string, Task>
  readonly #concurrency: number
  /** Taken, not begun. */
  readonly #held: TakenJob[] = []
  readonly #running = new Map<string, Running>()
  readonly #runningOf = new Map<string, number>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #taking: Promise<void> | null = null
  #after: string | null = null
  /** Of jobs, as they go on average; nothing is known at first. */
  #usualMs = 1000
  #lastBegunAt = 0
  readonly #clock: JobClock
  readonly #done: DoneJobs
  /** Beats after which the queue is asked for jobs that this runner does not know of. */
  #doubtfulBeats = 0
  #recallsNext = false
  #mayHaveMore = true
  #isStopping = false
  #wake: NodeJS.Timeout | null = null
  #onIdle: (() => void) | null = null

  constructor(options: JobRunnerOptions) {
    this.#options = options
    this.#tasks = new Map(options.tasks.map((task) => [task.name, task]))
    this.#concurrency = options.concurrency ?? 10
    this.#clock = new JobClock(options.tasks)
    const hasLimits = options.tasks.some(({ perTenant }) => perTenant !== null)
    this.#done = new DoneJobs({
      complete: (ids) => this.queue.complete(ids),
      completed: () => hasLimits && this.#look(),
      failed: (error) => this.#doubt(error),
    })
    this.queue = new JobQueue({
      connectionString: options.connectionString,
      role: options.role,
      runner: this.id,
      isSessionKept: options.isSessionKept ?? true,
      onJobs: (when) => (when === 'now' ? this.#look() : void this.#lookAgain()),
    })
  }

  /** Begins. Resolves when the queue was reached once. */
  async start(): Promise<void> {
    const { beatMs = 5000, isSessionKept = true, pollMs = isSessionKept ? 1000 : 200 } = this.#options
    await this.queue.listen()
    await this.#beat()
    this.#every(beatMs, () => this.#beat())
    this.#every(pollMs, async () => this.#look())
    this.#every(deadlineCheckMs, () => this.#endLate())
    this.#every(1000, () => this.#clock.tick(this.queue))
    this.#look()
  }

  /**
   * Takes no more, gives back what was not begun, and resolves when what runs is done, or told to end after a while.
   *
   * @param patienceMs how long running jobs may take
   */
  async stop(patienceMs = 10_000): Promise<void> {
    this.#isStopping = true
    for (const timer of this.#timers) clearInterval(timer)
    if (this.#wake !== null) clearTimeout(this.#wake)
    await this.#taking
    const held = this.#held.splice(0).map(({ id }) => id)
    if (held.length > 0) await this.queue.giveBack(held).catch(() => undefined)
    const beating = setInterval(() => void this.#beat(), this.#options.beatMs ?? 5000)
    const late = setInterval(() => void this.#endLate(), deadlineCheckMs)
    await Promise.race([this.#idle(), sleep(patienceMs, undefined, { ref: false })])
    for (const running of this.#running.values()) this.#tellToStop(running, new Error('The runner stops.'))
    await this.#idle()
    clearInterval(beating)
    clearInterval(late)
    await this.#done.close()
    await this.queue.close()
  }

  #every(ms: number, work: () => Promise<unknown>): void {
    let isBusy = false
    const timer = setInterval(() => {
      if (isBusy) return
      isBusy = true
      void work()
        .catch((error: unknown) => this.#options.log?.({ kind: 'queue-lost', error }))
        .finally(() => {
          isBusy = false
        })
    }, ms)
    this.#timers.add(timer)
  }

  async #beat(): Promise<void> {
    const { beatMs = 5000, log } = this.#options
    const count = await this.queue.beat(beatMs * 3)
    if (count > 0) log?.({ kind: 'jobs-taken-over', count })
    if (this.#doubtfulBeats === 0) return
    this.#doubtfulBeats -= 1
    this.#recallsNext = true
    this.#look()
  }

  /** Where an answer got lost, the queue may hold jobs for this runner that it never heard of; also later, if what was sent is still on its way. */
  #doubt(error: unknown): void {
    this.#doubtfulBeats = 3
    this.#options.log?.({ kind: 'queue-lost', error })
  }

  /** Nothing is taken meanwhile. */
  async #recall(): Promise<void> {
    this.#recallsNext = false
    const known = [...this.#held.map(({ id }) => id), ...this.#running.keys(), ...this.#done.ids]
    await this.queue.recall(known).catch((error: unknown) => this.#doubt(error))
  }

  /** There may be something to do. */
  #look(): void {
    this.#mayHaveMore = true
    this.#pump()
  }

  /** Looks when the next job is due that waits for its time. */
  async #lookAgain(): Promise<void> {
    const due = await this.queue.nextDue().catch(() => null)
    if (due === null || this.#isStopping) return
    if (this.#wake !== null) clearTimeout(this.#wake)
    const inMs = Math.min(Math.max(due.getTime() - Date.now(), 0) + 1, 60_000)
    this.#wake = setTimeout(() => this.#look(), inMs)
  }

  #pump(): void {
    while (this.#running.size < this.#concurrency) {
      const at = this.#held.findIndex(({ turn }) => this.#mayRun(turn))
      if (at === -1) break
      this.#begin(at === 0 ? this.#held.shift()! : this.#held.splice(at, 1)[0]!)
    }
    if (this.#isStopping || this.#taking !== null || !this.#mayHaveMore) return
    const free = this.#concurrency - this.#running.size
    const ahead = this.#ahead
    if (free === 0 && this.#held.length >= ahead / 2) return
    const taking = this.#recallsNext ? this.#recall() : this.#take(free + Math.max(ahead - this.#held.length, 0))
    this.#taking = taking.finally(() => {
      this.#taking = null
      this.#pump()
    })
  }

  /** Short jobs are taken ahead, for as long as a look takes; what one runner holds, no other one can do. */
  get #ahead(): number {
    return Math.min(Math.floor((this.#concurrency * aheadMs) / Math.max(this.#usualMs, 0.01)), mostAhead)
  }

  /** A tenant alone never has the last places: whoever comes next would wait for its longest job. */
  #mayRun(turn: string): boolean {
    if (this.#concurrency === 1) return true
    const spared = Math.max(1, Math.floor(this.#concurrency / 5))
    return (this.#runningOf.get(turn) ?? 0) < this.#concurrency - spared
  }

  async #take(most: number): Promise<void> {
    this.#mayHaveMore = false
    try {
      const butNot = [...this.#runningOf.keys()].filter((turn) => !this.#mayRun(turn))
      const jobs = await this.#takeFrom(most, butNot)
      this.#held.push(...jobs)
      this.#after = jobs.at(-1)?.turn ?? null
      if (jobs.length > 0) this.#mayHaveMore = true
      else await this.#lookAgain()
    } catch (error) {
      this.#doubt(error)
      await sleep(250, undefined, { ref: false })
    }
  }

  async #takeFrom(most: number, butNot: readonly string[]): Promise<readonly TakenJob[]> {
    const limited = [...this.#tasks.values()].filter(({ perTenant }) => perTenant !== null)
    const free = [...this.#tasks.values()].filter(({ perTenant }) => perTenant === null).map(({ name }) => name)
    const base = { after: this.#after, butNot }
    const asked = limited.map(({ name, perTenant }) =>
      this.queue.take({ ...base, tasks: [name], most: this.#concurrency, perTenant }),
    )
    if (free.length > 0) asked.push(this.queue.take({ ...base, tasks: free, most, perTenant: null }))
    return (await Promise.all(asked)).flat()
  }

  #begin(job: TakenJob): void {
    const task = this.#tasks.get(job.task)!
    const controller = new AbortController()
    this.#options.onBegin?.(task)
    const beganAt = performance.now()
    this.#lastBegunAt = beganAt
    const running: Running = { job, controller, beganAt, overAt: beganAt + task.timeoutSeconds * 1000, giveUp: null }
    this.#running.set(job.id, running)
    this.#runningOf.set(job.turn, (this.#runningOf.get(job.turn) ?? 0) + 1)
    void this.#run(running, task).finally(() => this.#ended(running, task))
  }

  async #run(running: Running, task: Task): Promise<void> {
    const { job, controller } = running
    const over = new Promise<never>((_, reject) => {
      running.giveUp = () => reject(controller.signal.reason)
    })
    over.catch(() => undefined)
    try {
      const ended = await Promise.race([this.#options.work(job, controller.signal, this), over])
      if (ended === 'done') this.#done.add(job.id)
    } catch (error) {
      await this.#fail(job, task, controller.signal.aborted ? controller.signal.reason : error)
    }
  }

  async #fail(job: TakenJob, task: Task, error: unknown): Promise<void> {
    const retryInMs = retryDelayMs(task.backoffSeconds, job.attempt)
    for (let tries = 1; tries <= 20; tries++) {
      try {
        const became = await this.queue.fail(job.id, errorText(error), retryInMs)
        this.#options.log?.({ kind: 'job-failed', id: job.id, task: job.task, attempt: job.attempt, became, error })
        return
      } catch (problem) {
        // Where nobody can be told, the job comes again.
        this.#doubt(problem)
        if (this.#isStopping) return
        await sleep(Math.min(100 * 2 ** tries, 5000), undefined, { ref: false })
      }
    }
  }

  #ended({ job: { id, turn }, beganAt }: Running, { perTenant }: Task): void {
    this.#running.delete(id)
    this.#usualMs += (performance.now() - beganAt - this.#usualMs) / 20
    // Jobs of the tenant that had to wait were not asked for.
    if (perTenant !== null || !this.#mayRun(turn)) this.#mayHaveMore = true
    const left = (this.#runningOf.get(turn) ?? 1) - 1
    if (left === 0) this.#runningOf.delete(turn)
    else this.#runningOf.set(turn, left)
    if (this.#running.size === 0) this.#onIdle?.()
    // A place of a tenant that had to wait is free.
    this.#pump()
  }

  async #endLate(): Promise<void> {
    const now = performance.now()
    // Those that were taken ahead wait behind long ones: somebody else may have time.
    if (this.#held.length > 0 && now - this.#lastBegunAt > 1000 && this.#running.size > 0) {
      const held = this.#held.splice(0).map(({ id }) => id)
      await this.queue.giveBack(held).catch((error: unknown) => this.#doubt(error))
    }
    for (const running of this.#running.values()) {
      if (running.overAt > now || running.controller.signal.aborted) continue
      const seconds = this.#tasks.get(running.job.task)!.timeoutSeconds
      this.#tellToStop(running, new Error(`It took longer than ${seconds} s.`))
    }
  }

  /** Its place is free after a while, whether it listens or not; what it still does in the database is refused. */
  #tellToStop(running: Running, reason: Error): void {
    if (running.controller.signal.aborted) return
    running.controller.abort(reason)
    setTimeout(() => running.giveUp?.(), this.#options.graceMs ?? 1000).unref()
  }

  #idle(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onIdle = resolve
    })
  }
}

const longestDelayMs = 3_600_000

/** Twice as long after each attempt, an hour at most; a little of it is chance, so that jobs which failed together do not come together. */
export function retryDelayMs(backoffSeconds: number, attempt: number): number {
  const delay = Math.min(backoffSeconds * 1000 * 2 ** (attempt - 1), longestDelayMs)
  return Math.round(delay * (0.9 + Math.random() * 0.2))
}

const mostErrorCharacters = 2000

/** What is kept of an error: its first line, never what Postgres quotes of rows, nor who logs in where a URL says so. */
export function errorText(error: unknown): string {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown }
  if (typeof code === 'string' && /^2[23]/.test(code)) return `Postgres refused it (${code}).`
  const text = typeof message === 'string' && message !== '' ? message : 'It failed without saying why.'
  const [line] = text.split('\n', 1)
  return line!.replaceAll(/\/\/[^\s/@]+@/g, '//[secret]@').slice(0, mostErrorCharacters)
}
