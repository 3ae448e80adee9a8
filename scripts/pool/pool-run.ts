import { randomBytes } from 'node:crypto'
import type { Json } from '#base'
import { HostSession, type Session, type SessionHearing } from '../host/host-session.ts'
import { defaultLimits, type ScriptLimits } from '../limits.ts'
import { ReplaySession } from '../record/replay-session.ts'
import type { CompiledScript, ScriptCall, ScriptEnd, ScriptOutcome } from '../script-call.ts'
import type { Clock } from './clock.ts'
import type { Failure, ThreadEnd } from './messages.ts'
import type { ScriptLines } from './script-lines.ts'
import type { ScriptThread } from './script-thread.ts'

/** What a run is made of. */
export interface RunPlan {
  readonly thread: ScriptThread
  readonly script: CompiledScript
  readonly call: ScriptCall
  readonly clock: Clock
  readonly graceMs: number
  /** Null: nobody hears of what it logs. */
  readonly lines: ScriptLines | null
  /** Ends the thread. */
  readonly kill: (reason: string) => void
}

let runs = 0

/**
 * One run in a thread, as the pool sees it. Its outcome is told once: by the thread, or here when the time is up, whatever the thread does; a thread that has not
 * taken the run back soon after is ended.
 */
export class PoolRun {
  readonly outcome: Promise<ScriptOutcome>
  readonly #plan: RunPlan
  readonly #run = ++runs
  readonly #limits: ScriptLimits
  readonly #given: Given
  readonly #session: Session
  readonly #closed = new AbortController()
  readonly #startedAt: number
  readonly #forgetDeadline: () => void
  #forgetKill: () => void = () => {}
  #settle: (outcome: ScriptOutcome) => void = () => {}
  #isEnded = false
  #isGone = false

  constructor(plan: RunPlan) {
    const { thread, script, call, clock } = plan
    this.#plan = plan
    this.#limits = { ...defaultLimits, ...call.limits }
    this.#given = givenTo(call)
    this.#session = this.#openSession()
    this.outcome = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.#startedAt = clock.now()
    this.#forgetDeadline = clock.after(this.#limits.timeMs, this.#expire)
    call.signal?.addEventListener('abort', this.#cancel, { once: true })
    const order = { file: script.file, code: script.code, call: JSON.stringify(this.#given), limits: this.#limits }
    thread.tell({ kind: 'run', run: this.#run, ...order }, this.#hearing())
    if (call.signal?.aborted === true) this.#cancel()
  }

  readonly #expire = () => this.#stop('timeout', `The script took longer than ${this.#limits.timeMs} ms.`)
  readonly #cancel = () => this.#stop('cancelled', 'Nobody waits for the script any more.')

  #openSession(): Session {
    const { call } = this.#plan
    const plan = { host: call.host, limits: this.#limits, signal: this.#closed.signal, keeps: call.record === true }
    const hearing: SessionHearing = {
      answered: (answer) => this.#plan.thread.tell({ kind: 'answer', run: this.#run, ...answer }),
      failed: (why, message) => this.#stop(why, message),
    }
    return call.replays === undefined ? new HostSession(plan, hearing) : new ReplaySession(call.replays, hearing)
  }

  #hearing() {
    return {
      called: (call: number, method: string, text: string) => {
        if (!this.#isEnded) void this.#session.called(call, method, text)
      },
      logged: (line: string) => {
        if (this.#isEnded) return
        this.#session.logged(line)
        this.#logged(line)
      },
      ended: (end: ThreadEnd) => {
        this.#end(this.#told(end))
        // What is left of its time is the thread's: one that a busy machine does not let run harms nobody.
        this.#killUnlessGone(Math.max(0, this.#startedAt + this.#limits.timeMs - this.#plan.clock.now()))
      },
      gone: () => {
        this.#isGone = true
        this.#forgetKill()
      },
      lost: (reason: string) => {
        this.#isGone = true
        this.#forgetKill()
        this.#end({ failed: 'crash', message: `What runs scripts broke: ${reason}` })
      },
    }
  }

  #logged(line: string): void {
    const { script, call, lines } = this.#plan
    const secrets = Object.values(call.host.secrets ?? {}).map(({ value }) => value)
    lines?.logged({ tenant: call.tenant, script: script.name, version: call.version ?? null, line }, secrets)
  }

  /** Ends the run here, and tells the thread, which is ended if it does not listen. */
  #stop(failed: Failure, message: string): void {
    if (this.#isEnded) return
    this.#end({ failed, message })
    this.#plan.thread.tell({ kind: 'stop', run: this.#run })
    this.#killUnlessGone()
  }

  /** A thread has little time to take back what a run held, behind what is left of the run's own. */
  #killUnlessGone(leftMs = 0): void {
    if (this.#isGone) return
    this.#forgetKill()
    const { clock, graceMs, kill } = this.#plan
    this.#forgetKill = clock.after(leftMs + graceMs, () => kill('a script did not end when its time was up'))
  }

  #told(end: ThreadEnd): ScriptEnd {
    switch (end.kind) {
      case 'output':
        return { output: JSON.parse(end.text) as Json }
      case 'raised':
        return { raised: raisedOf(JSON.parse(end.text)) }
      case 'failed': {
        const cause = this.#session.causeOf(end.call)
        return { failed: end.why, message: end.message, ...(cause === undefined ? {} : { cause }) }
      }
    }
  }

  #end(end: ScriptEnd): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#forgetDeadline()
    this.#plan.call.signal?.removeEventListener('abort', this.#cancel)
    this.#closed.abort()
    const { hostCalls, rows } = this.#session.count
    const used = { ms: this.#plan.clock.now() - this.#startedAt, hostCalls, rows }
    this.#settle({ ...end, ...used, ...(this.#plan.call.record === true ? { record: this.#record(end) } : {}) })
  }

  #record(end: ScriptEnd) {
    const { script, call } = this.#plan
    const { calls, answers, lines } = this.#session
    const told = 'failed' in end ? { failed: end.failed, message: end.message } : end
    return {
      ...{ version: 1 as const, script: script.name, checksum: script.checksum, tenant: call.tenant },
      ...{ ...this.#given, limits: this.#limits, calls, answers, lines, end: told },
    }
  }
}

interface Given {
  readonly input: Json
  readonly row: Json
  readonly actor: Json
  readonly now: string
  readonly seed: readonly number[]
}

function givenTo({ input = null, row = null, actor = null, now, seed }: ScriptCall): Given {
  return { input, row, actor, now: now.toISOString(), seed: seed ?? newSeed() }
}

function newSeed(): readonly number[] {
  const bytes = randomBytes(16)
  return [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at))
}

function raisedOf(told: { code: string; message: string; fields?: unknown }) {
  const { code, message, fields } = told
  const named = Array.isArray(fields) ? fields.filter((field): field is string => typeof field === 'string') : []
  const text = { code: code.slice(0, mostOfCode), message: message.slice(0, mostOfMessage) }
  return named.length === 0 ? text : { ...text, fields: named.slice(0, mostFields) }
}

const mostOfCode = 100
const mostOfMessage = 1_000
const mostFields = 100
