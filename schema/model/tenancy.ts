import { fitIdentifier } from '#base'
import type { EntityMap } from './key.ts'
import type { Entity, ToOne } from './model.ts'

/** True when the entity's table has a column that pins each row to one tenant. */
export function hasTenant({ tenancy }: Pick<Entity, 'tenancy'>): boolean {
  return tenancy !== 'none'
}

/** What stands in the tenant's column of rows that are ours: no tenant is called so. */
export const ours = '00000000-0000-0000-0000-000000000000'

/** True when all tenants read our rows beside their own. */
export function isShared({ tenancy }: Pick<Entity, 'tenancy'>): boolean {
  return tenancy === 'shared'
}

/** Column of a shared entity's table that names the tenant of a tenant's own row, and is null in ours. It refers to the tenant. */
export const ownTenantColumn = 'own_tenant_id'

/**
 * Column beside a to-one that says whose the row is that it leads to, the own tenant's or ours; null where that needs no saying.
 * A part is always its whole's owner's.
 */
export function targetTenantColumn(relation: ToOne, entities: EntityMap): string | null {
  const target = entities.get(relation.to)
  if (target === undefined || !isShared(target) || relation.part) return null
  return fitIdentifier(`${relation.column.replace(/_id$/, '')}_tenant_id`)
}

/** Column that pins each row to its tenant: `tenant_id`, unless the table was there before. Null with `tenant: false`. */
export function tenantColumnOf(entity: Pick<Entity, 'tenancy' | 'source'>): string | null {
  if (!hasTenant(entity)) return null
  return 'tenantColumn' in entity.source ? entity.source.tenantColumn : 'tenant_id'
}

/** Columns in front of a table's primary key, before those of the entity's own key. */
export function leadingKeyColumns(entity: Pick<Entity, 'tenancy' | 'source'>): readonly string[] {
  const column = tenantColumnOf(entity)
  if (column === null || (entity.source.kind === 'adopted' && !entity.source.tenantInKey)) return []
  return [column]
}
