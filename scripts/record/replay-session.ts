import { canonicalJson, type Json } from '#base'
import type { CallCount } from '../host/call-context.ts'
import type { Session, SessionHearing } from '../host/host-session.ts'
import type { RecordedAnswer, RecordedCall, RunRecord } from './run-record.ts'

/** Answers one run as a record says, in the order of the record; what a script made of it then depends on that order alone. */
export class ReplaySession implements Session {
  readonly calls: RecordedCall[] = []
  readonly answers: RecordedAnswer[] = []
  readonly lines: string[] = []
  readonly count: CallCount = { hostCalls: 0, httpCalls: 0, rows: 0 }
  readonly #record: RunRecord
  readonly #hearing: SessionHearing

  constructor(record: RunRecord, hearing: SessionHearing) {
    this.#record = record
    this.#hearing = hearing
  }

  causeOf(): undefined {
    return undefined
  }

  logged(line: string): void {
    this.lines.push(line)
  }

  async called(call: number, method: string, text: string): Promise<void> {
    const values = JSON.parse(text) as Json
    this.calls.push({ call, method, values })
    this.count.hostCalls += 1
    const then = this.#record.calls.find((each) => each.call === call)
    if (then?.method !== method || canonicalJson(then.values) !== canonicalJson(values)) this.#strayed(call, method)
    else this.#answer()
  }

  /** Every answer whose question was asked, up to the first one whose was not yet. */
  #answer(): void {
    const asked = new Set(this.calls.map(({ call }) => call))
    for (let next = this.#next(); next !== undefined && asked.has(next.call); next = this.#next()) {
      this.answers.push(next)
      this.#hearing.answered({ call: next.call, ok: next.ok, text: JSON.stringify(next.value) })
    }
    const { calls, end } = this.#record
    // Of what ended while it waited, the record has no answer.
    if (this.#next() === undefined && this.calls.length === calls.length && 'failed' in end && this.#isUnanswered())
      this.#hearing.failed(end.failed, end.message)
  }

  #next(): RecordedAnswer | undefined {
    return this.#record.answers[this.answers.length]
  }

  #isUnanswered(): boolean {
    return this.answers.length < this.calls.length
  }

  #strayed(call: number, method: string): void {
    const message = `The script goes another way than recorded: its question ${call} is "${method}" with other words than then.`
    this.#hearing.failed('error', message)
  }
}
