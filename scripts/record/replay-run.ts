import { Bug, type Rows } from '#base'
import type { ScriptPool } from '../pool/script-pool.ts'
import type { CompiledScript, ScriptOutcome } from '../script-call.ts'
import type { RunRecord } from './run-record.ts'

/**
 * Runs a script as a record says it ran, without any host: time, random numbers and answers are those of the record. The outcome is the recorded one as long as the script asks
 * what it asked then; else `failed: 'error'`, saying where it went another way.
 */
export function replayRun(pool: ScriptPool, script: CompiledScript, record: RunRecord): Promise<ScriptOutcome> {
  const { tenant, input, row, actor, now, seed, limits } = record
  return pool.run(script, {
    ...{ tenant, input, row, actor, now: new Date(now), seed, limits },
    host: { db: noRows },
    replays: record,
  })
}

const refuse = () => Promise.reject(new Bug('A replay asks its record.'))
const noRows: Rows = {
  ...{ find: refuse, get: refuse, create: refuse, update: refuse },
  ...{ remove: refuse, restore: refuse, delete: refuse, act: refuse },
}
