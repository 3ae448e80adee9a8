import type { ScriptLimits } from '../limits.ts'
import type { Failure } from '../pool/messages.ts'
import type { ScriptHost } from '../script-call.ts'

/** What a run has asked for. */
export interface CallCount {
  hostCalls: number
  httpCalls: number
  rows: number
}

/** A limit that ends the run, whatever the script would do about it. */
export class LimitPassed extends Error {
  readonly why: Failure

  constructor(why: Failure, message: string) {
    super(message)
    this.why = why
  }
}

/** What a call is answered from. */
export interface CallContext {
  readonly host: ScriptHost
  readonly limits: ScriptLimits
  readonly signal: AbortSignal
  readonly count: CallCount
}
