import type { Model } from '#schema'
import type { ScriptPool } from '#scripts'
import type { Bodies } from '../bodies/load-bodies.ts'
import type { Code } from '../bodies/run-body.ts'
import type { LimitSettings } from '../config/limits.ts'
import { noScriptSettings, type ScriptSettings } from '../config/read-scripts.ts'
import type { GraphqlApi } from '../graphql/create-graphql-schema.ts'
import type { RequestPool } from '../postgres/pool.ts'
import type { Sealing } from '../secrets/seal-secret.ts'
import type { SecretKeys } from '../secrets/secret-keys.ts'
import type { PublishableScripts } from '../tenant-scripts/publishing.ts'
import type { TenantScripts } from '../tenant-scripts/run-tenant-script.ts'
import type { Caller } from './graphql-handler.ts'
import type { MaskError } from './mask-error.ts'

/** With what the requests of all callers are answered. */
export interface AnsweredWith {
  readonly model: Model
  readonly pool: RequestPool
  readonly secretKeys: SecretKeys | null
  readonly limits: LimitSettings
  /** Scripts that tenants publish others for; none when left out. */
  readonly scripts?: PublishableScripts | null
  readonly api: GraphqlApi
  readonly maskError: MaskError
  readonly bodies: Bodies
  readonly codeTimeoutMs: number
  /** Threads for scripts; none when left out. */
  readonly scriptPool?: ScriptPool | null
  /** What scripts may reach beside rows; nothing when left out. */
  readonly scriptSettings?: ScriptSettings
  /** What tenants published; none when left out. */
  readonly tenantScripts?: TenantScripts | null
}

/** What plans, mutations and masks find in their context, beside the transaction. */
export function callerContext(
  { pgSettings, hidden, roles, limits, trusted }: Caller,
  { model, pool, secretKeys, limits: { idempotencyHours }, scripts = null, ...answering }: AnsweredWith,
) {
  const tenant = pgSettings['rowhouse.tenant_id'] || null
  const sealing: Sealing = { app: model.app, tenant, keys: secretKeys }
  const keyLifetimeMs = idempotencyHours * 3_600_000
  const { api, bodies, maskError: tell, codeTimeoutMs: timeoutMs, scriptPool = null, tenantScripts = null } = answering
  const reach = answering.scriptSettings ?? noScriptSettings
  const code: Code = { api, bodies, tell, timeoutMs, pool: scriptPool, reach, tenantScripts }
  const asking = { pgSettings, hidden, roles, limits, trusted }
  return { ...asking, rowhouseModel: model, pool, sealing, keyLifetimeMs, scripts, code }
}
