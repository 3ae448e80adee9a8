import type { Json, Rows } from '#base'
import type { Network } from './http/network.ts'
import type { ScriptLimits } from './limits.ts'
import type { Failure } from './pool/messages.ts'
import type { RunRecord } from './record/run-record.ts'

/** A script that can be run. */
export interface CompiledScript {
  /** As models name it: `scripts/discount`. */
  readonly name: string
  /** In the app folder: `scripts/discount.ts`. */
  readonly file: string
  /** JavaScript, every line and column where it was. */
  readonly code: string
  /** Hexadecimal SHA-256 of its source. */
  readonly checksum: string
}

/** A secret that scripts use by name. */
export interface ScriptSecret {
  readonly value: string
  /** Hosts that it is sent to, as in {@link ScriptHttp.allow}. */
  readonly hosts: readonly string[]
}

/** Where scripts may send requests to. */
export interface ScriptHttp {
  /** `api.stripe.com`, `*.example.com`, `api.example.com:8443`; by TLS unless they begin with `http://`. */
  readonly allow: readonly string[]
  /** Milliseconds for one request, its redirects included. Default: 5,000. */
  readonly timeoutMs?: number
  /** Bytes of one answer. Default: 512 KiB. */
  readonly maxBytes?: number
  /** Only for tests: another network than the machine's. */
  readonly network?: Network
}

/** A fault of a value, as a script is told. */
export interface ValueFault {
  readonly field: string
  readonly message: string
}

/** What answers a script. It is called one question after the other or several at once; what throws a `RequestError` is told as it is, all else as INTERNAL. */
export interface ScriptHost {
  /** In the caller's transaction, under the caller's rights. */
  readonly db: Rows
  /** What is wrong with the values of a new row. */
  readonly validate?: (entity: string, values: object) => Promise<readonly ValueFault[]>
  readonly secrets?: Readonly<Record<string, ScriptSecret>>
  readonly http?: ScriptHttp
  readonly log?: (line: string) => void
}

/** One run of a script: whose it is, what it is given, what answers it. */
export interface ScriptCall {
  readonly tenant: string | null
  /** Of what the tenant published; the app's when left out. */
  readonly version?: number
  readonly input?: Json
  readonly row?: Json
  readonly actor?: Json
  readonly now: Date
  readonly host: ScriptHost
  /** Where a run may use more or less than is usual. */
  readonly limits?: Partial<ScriptLimits>
  readonly signal?: AbortSignal
  /**
   * Runs with the same object share a thread: a script whose change runs another script would else wait for a thread while it holds one.
   * The object of a request's transaction is one.
   */
  readonly lane?: object
  /** Four numbers that random numbers follow from. Default: unpredictable ones. */
  readonly seed?: readonly number[]
  /** Answers as they were recorded; nothing is asked of the host. */
  readonly replays?: RunRecord
  /** True: {@link ScriptOutcome} holds the record of the run. */
  readonly record?: boolean
}

/** What a run used. */
export interface ScriptUsage {
  /** From its start to its end, without the wait for a thread. */
  readonly ms: number
  readonly hostCalls: number
  readonly rows: number
}

/** How a run ended. */
export type ScriptEnd =
  | { readonly output: Json }
  | { readonly raised: { readonly code: string; readonly message: string; readonly fields?: readonly string[] } }
  /** `cause`: what the host threw, where the script let it pass. */
  | { readonly failed: Failure; readonly message: string; readonly cause?: unknown }

/** How a run ended, what it used, and its record where one was asked for. */
export type ScriptOutcome = ScriptEnd & ScriptUsage & { readonly record?: RunRecord }
