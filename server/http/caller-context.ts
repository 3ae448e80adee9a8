import type { Model } from '#schema'
import type { LimitSettings } from '../config/limits.ts'
import type { RequestPool } from '../postgres/pool.ts'
import type { Sealing } from '../secrets/seal-secret.ts'
import type { SecretKeys } from '../secrets/secret-keys.ts'
import type { PublishableScripts } from '../tenant-scripts/publishing.ts'
import type { Caller } from './graphql-handler.ts'

/** With what the requests of all callers are answered. */
export interface AnsweredWith {
  readonly model: Model
  readonly pool: RequestPool
  readonly secretKeys: SecretKeys | null
  readonly limits: LimitSettings
  /** Scripts that tenants publish others for; none when left out. */
  readonly scripts?: PublishableScripts | null
}

/** What plans, mutations and masks find in their context, beside the transaction. */
export function callerContext(
  { pgSettings, hidden, roles, limits, trusted }: Caller,
  { model, pool, secretKeys, limits: { idempotencyHours }, scripts = null }: AnsweredWith,
) {
  const tenant = pgSettings['rowhouse.tenant_id'] || null
  const sealing: Sealing = { app: model.app, tenant, keys: secretKeys }
  const keyLifetimeMs = idempotencyHours * 3_600_000
  return { pgSettings, hidden, roles, limits, trusted, rowhouseModel: model, pool, sealing, keyLifetimeMs, scripts }
}
