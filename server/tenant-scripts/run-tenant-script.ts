import type { CompiledScript, ScriptCall, ScriptOutcome, ScriptPool } from '#scripts'
import type { ScriptSettings } from '../config/read-scripts.ts'
import type { RequestClient } from '../postgres/with-pg-client.ts'
import { outOfReach } from './out-of-reach.ts'
import type { RunRecorder } from './run-recorder.ts'
import { publishedReach } from './script-reach.ts'
import type { TenantVersions } from './tenant-versions.ts'

/** What runs scripts of an app whose tenants publish others. */
export interface TenantScripts {
  readonly versions: TenantVersions<CompiledScript>
  readonly recorder: RunRecorder
}

/** One run, in the transaction of a request. */
export interface ScriptRunOptions {
  readonly pool: ScriptPool
  readonly client: RequestClient
  /** One object for each request, or job. */
  readonly request: object
  /** The app's. */
  readonly script: CompiledScript
  readonly call: ScriptCall
  /** What scripts may reach, of which those that tenants publish have their part; nothing when left out. */
  readonly reach?: ScriptSettings
  /** Null: no role publishes. */
  readonly tenantScripts: TenantScripts | null
}

/** Runs the app's script, or what the caller's tenant published in its place; kept where the tenant records it. */
export async function runTenantScript(options: ScriptRunOptions): Promise<ScriptOutcome> {
  const { pool, client, request, script: own, call: asked, tenantScripts } = options
  if (tenantScripts === null) return await pool.run(own, asked)
  const { versions, recorder } = tenantScripts
  const { script, version, records, reaches } = await versions.choose(client, request, own)
  const call =
    version === null
      ? asked
      : { ...asked, version, host: reaches ? publishedReach(asked.host, options.reach) : outOfReach(asked.host) }
  if (!records) return await pool.run(script, call)
  const outcome = await pool.run(script, { ...call, record: true })
  const { record } = outcome
  if (record !== undefined) {
    const secrets = Object.values(asked.host.secrets ?? {}).map(({ value }) => value)
    const { name, checksum } = script
    recorder.keep(client.settings, { name, version, checksum, ended: endOf(outcome), ms: outcome.ms, record, secrets })
  }
  return outcome
}

function endOf(outcome: ScriptOutcome): 'output' | 'raised' | 'failed' {
  if ('output' in outcome) return 'output'
  return 'raised' in outcome ? 'raised' : 'failed'
}
