/** What one run of a script may use. */
export interface ScriptLimits {
  /** From its start to its end, also while it waits for an answer of the host. */
  readonly timeMs: number
  /** Depth of its calls. */
  readonly stackBytes: number
  /** Questions to the host: `db`, `http`, `validate`. */
  readonly hostCalls: number
  /** Those of them that leave for other hosts, each redirect counted. */
  readonly httpCalls: number
  /** Rows that it reads or writes. */
  readonly rows: number
  /** What it answers, as JSON. */
  readonly outputBytes: number
  /** One question to the host, as JSON. */
  readonly callBytes: number
  /** One answer of the host, as JSON. */
  readonly answerBytes: number
  /** Lines that it logs; further ones are left out. */
  readonly logLines: number
  /** Characters of one line; the rest is cut off. */
  readonly logCharacters: number
}

/** What a run may use unless it is told otherwise. */
export const defaultLimits: ScriptLimits = {
  timeMs: 1_000,
  stackBytes: 256 * 1024,
  hostCalls: 200,
  httpCalls: 10,
  rows: 10_000,
  outputBytes: 256 * 1024,
  callBytes: 256 * 1024,
  answerBytes: 1024 * 1024,
  logLines: 100,
  logCharacters: 2_000,
}

/** What all runs of one tenant may use together within a minute. */
export interface TenantLimits {
  readonly timeMs: number
  readonly hostCalls: number
  readonly rows: number
}

/** What a tenant may use within a minute unless it is told otherwise: two threads for the whole of it. */
export const defaultTenantLimits: TenantLimits = { timeMs: 120_000, hostCalls: 200_000, rows: 2_000_000 }
