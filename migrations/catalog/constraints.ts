import { fitIdentifier, type Sql, snakeCase, sql, toText } from '#base'
import { entityOf, entityRuleName, entityRuleToSql, idColumnOf, type ModelIndex, tableSql, toOneOf } from '#policies'
import {
  columnFields,
  type Entity,
  type EntityRule,
  embedsOf,
  hasTenant,
  isHistory,
  isKeptRelation,
  isShared,
  keyColumnsOf,
  leadingKeyColumns,
  leavesOf,
  ownTenantColumn,
  requiredParts,
  type ToOne,
  targetTenantColumn,
  tenantColumnOf,
  toOnesOf,
  waitsForCommit,
} from '#schema'
import { agreedKeys, agreementConstraints } from './agreements.ts'
import type { Constraint } from './catalog.ts'
import { choiceTest, fieldCheck } from './field-check.ts'
import { requiredChecks } from './functions/frozen-function.ts'
import { type OrderedPart, orderedParts } from './functions/place.ts'
import { sharedConstraints } from './shared-constraints.ts'

/** Keys and checks of an entity's table. */
export function constraintsOf(entity: Entity, index: ModelIndex): readonly Constraint[] {
  return [
    primaryKey(entity, index),
    // A change has the tenant of its row.
    ...(hasTenant(entity) && !isHistory(entity) ? [tenantKey(entity)] : []),
    ...toOnesOf(entity)
      .filter((relation) => !isKeptRelation(entity, relation))
      .map((relation) => foreignKey(entity, relation, index)),
    ...agreedKeys(entity, index),
    ...agreementConstraints(entity, index),
    ...orderedParts(entity).map((relation) => placeKey(entity, relation)),
    ...(entity.tenancy === 'self' ? [selfCheck(entity)] : []),
    ...sharedConstraints(entity, index),
    ...checksOf(entity),
    ...requiredChecks(entity),
    ...entity.rules
      .filter((rule) => !waitsForCommit(rule, entity, index.entities))
      .map((rule) => ruleCheck(entity, rule, index)),
    ...oneOfChecks(entity),
  ]
}

/** Name of the foreign key behind a to-one relation. */
export function foreignKeyName(entity: Entity, relation: ToOne): string {
  return fitIdentifier(`${entity.table}_${snakeCase(relation.name)}_fkey`)
}

/** The tenant leads every key: with `(id)` alone, `duplicate key` would tell that another tenant has the id. */
export function keyColumns(entity: Entity, ...columns: readonly string[]): readonly string[] {
  const tenant = tenantColumnOf(entity)
  return tenant === null ? columns : [tenant, ...columns]
}

function primaryKey(entity: Entity, index: ModelIndex): Constraint {
  const own = keyColumnsOf(entity, index.entities).map(({ column }) => column)
  const definition = toText(sql`primary key (${columnList([...leadingKeyColumns(entity), ...own])})`)
  return { name: fitIdentifier(`${entity.table}_pkey`), kind: 'primary', definition }
}

/** The tenant of a row exists. */
export function tenantKey(entity: Entity): Constraint {
  const column = isShared(entity) ? ownTenantColumn : 'tenant_id'
  const definition = `foreign key ("${column}") references rowhouse.tenant ("id")`
  return { name: fitIdentifier(`${entity.table}_tenant_fkey`), kind: 'foreign', definition }
}

/** The row is its tenant; with the key that means one row for each. */
function selfCheck(entity: Entity): Constraint {
  return { name: selfCheckName(entity), kind: 'check', definition: 'check ("id" = "tenant_id")' }
}

/** Name of the check behind `tenant: 'self'`. Two underscores, so that it is no field's. */
export function selfCheckName(entity: Entity): string {
  return fitIdentifier(`${entity.table}__self_check`)
}

function foreignKey(entity: Entity, relation: ToOne, index: ModelIndex): Constraint {
  const target = entityOf(index, relation.to)
  const leading = leadingKeyColumns(target)
  const whose = targetTenantColumn(relation, index.entities)
  const own = whose === null ? keyColumns(entity, relation.column) : [whose, relation.column]
  const from = leading.length > 0 ? own : [relation.column]
  const to = columnList([...leading, idColumnOf(target, index).column])
  const definition = sql`foreign key (${columnList(from)}) references ${tableSql(target)} (${to}) on delete ${onDelete(relation, whose)}`
  return { name: foreignKeyName(entity, relation), kind: 'foreign', definition: toText(definition) }
}

/** No two siblings share a place. Deferrable, so that it is looked at when a statement ends and not after each row. */
function placeKey(entity: Entity, { column, position }: OrderedPart): Constraint {
  const name = fitIdentifier(`${entity.table}_${position}_key`)
  const definition = sql`unique (${columnList(keyColumns(entity, column, position))}) deferrable`
  return { name, kind: 'unique', definition: toText(definition) }
}

function onDelete(relation: ToOne, whose: string | null): Sql {
  if (relation.onDelete === 'cascade') return sql`cascade`
  if (relation.onDelete === 'restrict') return sql`restrict`
  // The column is named, or Postgres nulls the tenant as well.
  return sql`set null (${columnList(whose === null ? [relation.column] : [whose, relation.column])})`
}

function checksOf(entity: Entity): readonly Constraint[] {
  // Former values were checked when they were the row's.
  return isHistory(entity) ? [] : [...columnChecks(entity), ...presenceChecks(entity)]
}

function columnChecks(entity: Entity): readonly Constraint[] {
  return columnFields(entity).flatMap((field) => {
    const isStatus = field.builtIn && field.name === 'status' && entity.lifecycle !== null
    if (field.builtIn && !isStatus) return []
    const test = isStatus ? statusTest(entity) : fieldCheck(field, entity)
    if (test === null) return []
    const name = fitIdentifier(`${entity.table}_${field.column}_check`)
    return [{ name, kind: 'check' as const, definition: toText(sql`check (${test})`) }]
  })
}

/** A rule that a row must definitely break to be refused. */
function ruleCheck(entity: Entity, rule: EntityRule, index: ModelIndex): Constraint {
  const definition = toText(sql`check (${entityRuleToSql(entity, rule, index)})`)
  return { name: entityRuleName(entity, rule), kind: 'check', definition, comment: rule.title }
}

/** A value object that may be missing is there with all of its required parts, or not there with any part. */
function presenceChecks(entity: Entity): readonly Constraint[] {
  return embedsOf(entity)
    .filter((embed) => embed.optional)
    .map((embed) => {
      const required = columnList(requiredParts(embed).map(({ column }) => column))
      const all = columnList(leavesOf(embed).map(({ column }) => column))
      const test = sql`num_nulls(${required}) = 0 or num_nonnulls(${all}) = 0`
      const name = fitIdentifier(`${entity.table}_${embed.column}_check`)
      return { name, kind: 'check' as const, definition: toText(sql`check (${test})`) }
    })
}

/** Of the keys of a relation to one of several entities exactly one is set; at most one where it is optional. */
function oneOfChecks(entity: Entity): readonly Constraint[] {
  return entity.relations.flatMap((relation) => {
    if (relation.kind !== 'oneOf') return []
    const keys = relation.targets.map((target) => toOneOf(entity, target.relation).column)
    const test = sql`num_nonnulls(${columnList(keys)}) ${sql.raw(relation.optional ? '<=' : '=')} 1`
    return [{ name: oneOfCheckName(entity, relation.name), kind: 'check', definition: toText(sql`check (${test})`) }]
  })
}

/** Name of the check behind a relation to one of several entities. */
export function oneOfCheckName(entity: Entity, relation: string): string {
  return fitIdentifier(`${entity.table}_${snakeCase(relation)}_check`)
}

function statusTest(entity: Entity): Sql | null {
  const states = entity.lifecycle?.states.map((state) => state.value) ?? []
  return choiceTest(sql.identifier('status'), states)
}

function columnList(columns: readonly string[]): Sql {
  return sql.join(
    columns.map((column) => sql.identifier(column)),
    ', ',
  )
}
