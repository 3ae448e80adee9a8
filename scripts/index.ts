export { HttpFault } from './http/http-fault.ts'
export type { Network } from './http/network.ts'
export { isPublicAddress } from './http/public-address.ts'
export { defaultLimits, defaultTenantLimits, type ScriptLimits, type TenantLimits } from './limits.ts'
export { compileApart } from './load/compile-apart.ts'
export { type Compiled, compileScript, mostOfScript } from './load/compile-script.ts'
export { loadScripts, type ScriptSet, scriptFiles } from './load/load-scripts.ts'
export { type RunsPlace, runsOf } from './load/runs-of.ts'
export type { Clock } from './pool/clock.ts'
export type { Failure } from './pool/messages.ts'
export type { ScriptLine } from './pool/script-lines.ts'
export { openScriptPool, type ScriptPool, type ScriptPoolOptions } from './pool/script-pool.ts'
export { replayRun } from './record/replay-run.ts'
export type { RecordedAnswer, RecordedCall, RunRecord } from './record/run-record.ts'
export type {
  CompiledScript,
  ScriptCall,
  ScriptEnd,
  ScriptHost,
  ScriptHttp,
  ScriptOutcome,
  ScriptSecret,
  ScriptUsage,
  ValueFault,
} from './script-call.ts'
