import type { Entity } from './model.ts'

/** True when the entity's table has a column that pins each row to one tenant. */
export function hasTenant({ tenancy }: Pick<Entity, 'tenancy'>): boolean {
  return tenancy === 'own' || tenancy === 'self'
}

/** Column that pins each row to its tenant: `tenant_id`, unless the table was there before. Null with `tenant: false`. */
export function tenantColumnOf(entity: Pick<Entity, 'tenancy' | 'source'>): string | null {
  if (!hasTenant(entity)) return null
  return entity.source.kind === 'adopted' ? entity.source.tenantColumn : 'tenant_id'
}

/** Columns in front of a table's primary key, before those of the entity's own key. */
export function leadingKeyColumns(entity: Pick<Entity, 'tenancy' | 'source'>): readonly string[] {
  const column = tenantColumnOf(entity)
  if (column === null || (entity.source.kind === 'adopted' && !entity.source.tenantInKey)) return []
  return [column]
}
