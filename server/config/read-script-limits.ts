import type { ScriptLimits, ScriptPoolOptions } from '#scripts'
import type { AppConfig } from './app-config.ts'
import { type Range, readNumbers } from './read-limits.ts'
import type { Complain } from './read-settings.ts'

/** What scripts may use, where an app says something else than is usual. */
export interface ScriptLimitSettings {
  /** Of one run. */
  readonly limits?: Partial<ScriptLimits>
  /** Of a thread, and of all runs of a tenant. */
  readonly pool?: Pick<ScriptPoolOptions, 'heapBytes' | 'threadsOfTenant' | 'waitingOfTenant' | 'tenant'>
}

// What a run asks and answers is worked off in one turn of the server's loop, and a thread waits for its run: hence the ceilings.
const ofRun = {
  timeMs: [10, 60_000],
  memoryMb: [24, 1_024],
  hostCalls: [0, 100_000],
  httpCalls: [0, 1_000],
  rows: [0, 1_000_000],
  outputKb: [1, 1_024],
} as const satisfies Record<string, Range>

const ofTenant = {
  concurrent: [1, 1_000],
  waiting: [0, 10_000],
  timeMsPerMinute: [10, 3_600_000],
  hostCallsPerMinute: [1, 100_000_000],
  rowsPerMinute: [1, 1_000_000_000],
} as const satisfies Record<string, Range>

/** The limits of scripts that an app says. */
export function readScriptLimits({ scripts = {} }: AppConfig, complain: Complain): ScriptLimitSettings {
  const run = readNumbers(scripts.limits ?? {}, { at: 'scripts.limits', ranges: ofRun }, complain)
  const tenant = readNumbers(scripts.perTenant ?? {}, { at: 'scripts.perTenant', ranges: ofTenant }, complain)
  const limits = said<ScriptLimits>({
    timeMs: run.timeMs,
    hostCalls: run.hostCalls,
    httpCalls: run.httpCalls,
    rows: run.rows,
    outputBytes: bytes(run.outputKb, 1_024),
  })
  const perMinute = said({
    timeMs: tenant.timeMsPerMinute,
    hostCalls: tenant.hostCallsPerMinute,
    rows: tenant.rowsPerMinute,
  })
  const pool = said({
    heapBytes: bytes(run.memoryMb, 1_048_576),
    threadsOfTenant: tenant.concurrent,
    waitingOfTenant: tenant.waiting,
    tenant: Object.keys(perMinute).length === 0 ? undefined : perMinute,
  })
  return {
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(Object.keys(pool).length === 0 ? {} : { pool }),
  }
}

function bytes(given: number | undefined, each: number): number | undefined {
  return given === undefined ? undefined : given * each
}

/** Without what nobody said. */
function said<T extends object>(given: { readonly [K in keyof T]?: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>
}
