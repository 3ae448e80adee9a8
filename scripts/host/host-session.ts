import { type Json, RequestError } from '#base'
import { HttpFault } from '../http/http-fault.ts'
import type { ScriptLimits } from '../limits.ts'
import type { Failure } from '../pool/messages.ts'
import type { RecordedAnswer, RecordedCall } from '../record/run-record.ts'
import type { ScriptHost } from '../script-call.ts'
import { answerCall } from './answer-call.ts'
import { AnswerTooLong, answerText } from './answer-text.ts'
import { type CallCount, LimitPassed } from './call-context.ts'

/** One answer, as a thread is sent it. */
export interface SentAnswer {
  readonly call: number
  readonly ok: boolean
  readonly text: string
}

/** Who hears of a session. */
export interface SessionHearing {
  answered(answer: SentAnswer): void
  /** The run may not go on. */
  failed(why: Failure, message: string): void
}

/** What answers the questions of one run. */
export interface Session {
  readonly calls: readonly RecordedCall[]
  readonly answers: readonly RecordedAnswer[]
  readonly lines: readonly string[]
  /** What the run has used. */
  readonly count: Readonly<CallCount>
  /** What the host threw as it answered a call. */
  causeOf(call: number | null): unknown
  /** A line that the script logged. */
  logged(line: string): void
  /** Answers a question of the script, some time later. */
  called(call: number, method: string, text: string): Promise<void>
}

/** Where a session answers from, and within what. */
export interface SessionPlan {
  readonly host: ScriptHost
  readonly limits: ScriptLimits
  readonly signal: AbortSignal
  readonly keeps: boolean
}

/** Answers what one run asks of its host, counts it, and keeps it where the run is recorded. */
export class HostSession implements Session {
  readonly calls: RecordedCall[] = []
  readonly answers: RecordedAnswer[] = []
  readonly lines: string[] = []
  readonly #plan: SessionPlan
  readonly #hearing: SessionHearing
  readonly #causes = new Map<number, unknown>()
  readonly #count: CallCount = { hostCalls: 0, httpCalls: 0, rows: 0 }

  constructor(plan: SessionPlan, hearing: SessionHearing) {
    this.#plan = plan
    this.#hearing = hearing
  }

  get count(): Readonly<CallCount> {
    return this.#count
  }

  causeOf(call: number | null): unknown {
    return call === null ? undefined : this.#causes.get(call)
  }

  logged(line: string): void {
    if (this.#plan.keeps) this.lines.push(line)
    this.#plan.host.log?.(line)
  }

  async called(call: number, method: string, text: string): Promise<void> {
    const { signal, keeps, limits } = this.#plan
    this.#count.hostCalls += 1
    try {
      const values = JSON.parse(text) as readonly Json[]
      if (keeps) this.calls.push({ call, method, values })
      const answer = await answerCall({ method, values }, { ...this.#plan, count: this.#count })
      if (!signal.aborted) this.#answer(call, true, answerText(answer, limits.answerBytes))
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof LimitPassed) return this.#hearing.failed(error.why, error.message)
      this.#causes.set(call, error)
      this.#answer(call, false, JSON.stringify(faultOf(error)))
    }
  }

  #answer(call: number, ok: boolean, text: string): void {
    if (this.#plan.keeps) this.answers.push({ call, ok, value: JSON.parse(text) })
    this.#hearing.answered({ call, ok, text })
  }
}

/** What a script may know of what the host threw. */
function faultOf(error: unknown): { code: string; message: string; extensions?: unknown } {
  if (error instanceof RequestError) {
    const { code, message, extensions } = error
    return { code, message, extensions }
  }
  if (error instanceof HttpFault) return { code: 'HTTP', message: error.message }
  if (error instanceof AnswerTooLong) return { code: 'LIMIT', message: error.message }
  return { code: 'INTERNAL', message: 'The host could not answer.' }
}
