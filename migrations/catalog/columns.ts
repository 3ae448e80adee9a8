import { type Sql, sql, toText } from '#base'
import { type CarriedColumn, carriedColumnsOf, entityOf, heldType, idColumnOf, type ModelIndex } from '#policies'
import {
  columnFields,
  type Entity,
  type Field,
  type HeldColumn,
  isShared,
  linkColumnOf,
  ownTenantColumn,
  storedOf,
  type ToOne,
  targetTenantColumn,
  tenantColumnOf,
  toOnesOf,
} from '#schema'
import type { Column } from './catalog.ts'
import { defaultExpression } from './default-expression.ts'
import { orderedParts } from './functions/place.ts'
import { storedValueColumn } from './stored/stored-column.ts'

/** Columns of an entity's table: tenant, id, declared fields, links, then what Rowhouse keeps. */
export function columnsOf(entity: Entity, index: ModelIndex): readonly Column[] {
  const declared = columnFields(entity).filter((field) => !field.builtIn)
  const kept = entity.fields.filter((field) => field.builtIn && field.name !== 'id')
  const ids = entity.fields.filter((field) => field.builtIn && field.name === 'id')
  const tenant = tenantColumnOf(entity)
  return [
    ...(tenant === null ? [] : [tenantColumn(tenant)]),
    ...ids.map((field) => idColumn(field, entity)),
    ...declared.map(fieldColumn),
    ...toOnesOf(entity).map((relation) => linkColumn(relation, index)),
    ...hiddenColumns(entity, index),
    ...kept.map((field) => keptColumn(field, entity)),
  ]
}

/** Default of the column behind a field or to-one relation that callers write, or null. */
export function defaultOf(part: Field | ToOne, index: ModelIndex): Sql | null {
  return defaultExpression(part.default, heldBy(part, index))
}

function heldBy(part: Field | ToOne, index: ModelIndex): HeldColumn {
  return 'type' in part ? part : linkColumnOf(part, index.entities)
}

function tenantColumn(name: string): Column {
  return { name, type: 'uuid', notNull: true, default: 'rowhouse.tenant_id()', comment: null }
}

function idColumn(field: Field, { tenancy }: Entity): Column {
  const column = { name: field.column, type: heldType(field), notNull: true, comment: null }
  if (field.default?.kind === 'identity') return { ...column, default: null, identity: true }
  return { ...column, default: tenancy === 'self' ? 'rowhouse.tenant_id()' : 'rowhouse.uuid_v7()' }
}

function fieldColumn(field: Field): Column {
  const value = defaultExpression(field.default, field)
  return {
    name: field.column,
    type: heldType(field),
    notNull: !field.optional,
    default: value === null ? null : toText(value),
    comment: field.note,
  }
}

function linkColumn(relation: ToOne, index: ModelIndex): Column {
  const value = defaultOf(relation, index)
  return {
    name: relation.column,
    type: heldType(linkColumnOf(relation, index.entities)),
    notNull: !relation.optional,
    default: value === null ? null : toText(value),
    comment: relation.note,
  }
}

/** Columns that the database alone writes: places of ordered parts, and what paths lead to. */
function hiddenColumns(entity: Entity, index: ModelIndex): readonly Column[] {
  const hidden = (name: string, type: string): Column => ({ name, type, notNull: true, default: null, comment: null })
  return [
    ...orderedParts(entity).map((relation) => hidden(relation.position, 'integer')),
    ...carriedColumnsOf(entity, index).map((carried) => carriedColumn(carried, index)),
    ...toOnesOf(entity).flatMap((relation) => {
      const column = targetTenantColumn(relation, index.entities)
      return column === null ? [] : [{ ...hidden(column, 'uuid'), notNull: !relation.optional }]
    }),
    ...(isShared(entity) ? [{ ...tenantColumn(ownTenantColumn), notNull: false }] : []),
    ...storedOf(entity).map((field) => storedValueColumn(field, entity, index)),
  ]
}

function carriedColumn({ column, hop, source, end }: CarriedColumn, index: ModelIndex): Column {
  const target = entityOf(index, hop.to)
  const { schema, table } = target
  return {
    name: column,
    type: heldType(linkColumnOf(end, index.entities)),
    notNull: true,
    default: null,
    comment: null,
    carried: { by: hop.column, schema, table, key: idColumnOf(target, index).column, column: source },
  }
}

/** Columns of a table that callers neither read nor write: they say whose a row is, its own and those that it leads to. */
export function tenantColumnsOf(entity: Entity, index: ModelIndex): readonly string[] {
  const own = tenantColumnOf(entity)
  const targets = toOnesOf(entity).map((relation) => targetTenantColumn(relation, index.entities))
  return [own, ...targets, ...(isShared(entity) ? [ownTenantColumn] : [])].filter((column) => column !== null)
}

function keptColumn(field: Field, entity: Entity): Column {
  if (field.name === 'status' && entity.lifecycle !== null) {
    const initial = toText(sql`${sql.literal(entity.lifecycle.initial)}::text`)
    return { name: field.column, type: 'text', notNull: true, default: initial, comment: field.note }
  }
  const removed = field.name === 'deletedAt'
  const value = defaultExpression(field.default, field)
  const [type, notNull] = [heldType(field), !removed]
  return { name: field.column, type, notNull, default: value === null ? null : toText(value), comment: field.note }
}
