import type { Entity } from './model.ts'

/** True when the entity's table has a `tenant_id` that pins each row to one tenant. */
export function hasTenant({ tenancy }: Pick<Entity, 'tenancy'>): boolean {
  return tenancy === 'own' || tenancy === 'self'
}
