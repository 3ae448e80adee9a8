import type { Json } from '#base'
import type { ScriptLimits } from '../limits.ts'
import type { ScriptEnd } from '../script-call.ts'

/** A question of a script to its host. */
export interface RecordedCall {
  readonly call: number
  readonly method: string
  /** The words of the script; secrets stand in them by name alone. */
  readonly values: Json
}

/** What a script was answered, in the order in which it was. */
export interface RecordedAnswer {
  readonly call: number
  readonly ok: boolean
  readonly value: Json
}

/** All that a run of a script depended on, so that it can be run again without a host. */
export interface RunRecord {
  readonly version: 1
  readonly script: string
  readonly checksum: string
  readonly tenant: string | null
  readonly input: Json
  readonly row: Json
  readonly actor: Json
  /** ISO instant. */
  readonly now: string
  /** Of its random numbers. */
  readonly seed: readonly number[]
  readonly limits: ScriptLimits
  readonly calls: readonly RecordedCall[]
  readonly answers: readonly RecordedAnswer[]
  readonly lines: readonly string[]
  /** How it ended; without the cause, which is the host's. */
  readonly end: ScriptEnd
}
