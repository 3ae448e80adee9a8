import { fitIdentifier, sql, toText } from '#base'
import type { ModelIndex } from '#policies'
import { type Entity, isShared, ours, ownTenantColumn, type ToOne, targetTenantColumn, toOnesOf } from '#schema'
import type { Constraint } from './catalog.ts'

const nil = toText(sql`${sql.literal(ours)}::uuid`)

/**
 * What holds rows that all tenants see, and those that lead to them, to their owners. With the foreign key over
 * (whose, id), a row leads to one of its own tenant or to one of ours, whoever writes it and whatever the triggers do.
 */
export function sharedConstraints(entity: Entity, index: ModelIndex): readonly Constraint[] {
  const targets = toOnesOf(entity).flatMap((relation) => {
    const column = targetTenantColumn(relation, index.entities)
    return column === null ? [] : [targetCheck(entity, relation, column)]
  })
  return isShared(entity) ? [sharedCheck(entity), sharedKey(entity), ...targets] : targets
}

/** Name of the check that a row is a tenant's or ours. */
export function sharedCheckName(entity: Entity): string {
  return fitIdentifier(`${entity.table}__shared_check`)
}

/** Name of the key that no two rows share, whosever they are. */
function sharedKeyName(entity: Entity): string {
  return fitIdentifier(`${entity.table}__id_key`)
}

/** Name of the check that a to-one leads to a row of the same tenant or to one of ours. */
export function targetCheckName(column: string, entity: Entity): string {
  return fitIdentifier(`${entity.table}__${column}_check`)
}

function sharedCheck(entity: Entity): Constraint {
  const isOurs = `"tenant_id" = ${nil}`
  const own = toText(sql.identifier(ownTenantColumn))
  const definition = `check ("is_shared" = (${isOurs}) and ${own} is not distinct from nullif("tenant_id", ${nil}))`
  return { name: sharedCheckName(entity), kind: 'check', definition }
}

/** Callers see rows of two owners, and name them by their id alone. */
function sharedKey(entity: Entity): Constraint {
  return { name: sharedKeyName(entity), kind: 'unique', definition: 'unique ("id")' }
}

function targetCheck(entity: Entity, relation: ToOne, column: string): Constraint {
  const [whose, link] = [column, relation.column].map((name) => toText(sql.identifier(name)))
  const definition = `check ((${whose} is null) = (${link} is null) and ${whose} in ("tenant_id", ${nil}))`
  return { name: targetCheckName(column, entity), kind: 'check', definition }
}
