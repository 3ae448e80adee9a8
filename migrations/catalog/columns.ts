import { type Sql, sql, toText } from '#base'
import { columnType, toOnesOf } from '#policies'
import { carriedColumns, type Entity, type Field, hasTenant, type ToOne } from '#schema'
import type { Column } from './catalog.ts'
import { defaultExpression } from './default-expression.ts'
import { orderedParts } from './functions/place.ts'

/** Columns of an entity's table: tenant, id, declared fields, links, then what Rowhouse keeps. */
export function columnsOf(entity: Entity): readonly Column[] {
  const declared = entity.fields.filter((field) => !field.builtIn)
  const kept = entity.fields.filter((field) => field.builtIn && field.name !== 'id')
  return [
    ...(hasTenant(entity) ? [tenantColumn] : []),
    idColumn,
    ...declared.map(fieldColumn),
    ...toOnesOf(entity).map(linkColumn),
    ...hiddenColumns(entity),
    ...kept.map((field) => keptColumn(field, entity)),
  ]
}

/** Default of the column behind a field or to-one relation that callers write, or null. */
export function defaultOf(part: Field | ToOne): Sql | null {
  return defaultExpression(part.default, 'type' in part ? part.type : { kind: 'uuid' })
}

const tenantColumn: Column = {
  name: 'tenant_id',
  type: 'uuid',
  notNull: true,
  default: 'rowhouse.tenant_id()',
  comment: null,
}

const idColumn: Column = { name: 'id', type: 'uuid', notNull: true, default: 'rowhouse.uuid_v7()', comment: null }

function fieldColumn(field: Field): Column {
  const value = defaultOf(field)
  return {
    name: field.column,
    type: columnType(field.type),
    notNull: !field.optional,
    default: value === null ? null : toText(value),
    comment: field.note,
  }
}

function linkColumn(relation: ToOne): Column {
  const value = defaultOf(relation)
  return {
    name: relation.column,
    type: 'uuid',
    notNull: !relation.optional,
    default: value === null ? null : toText(value),
    comment: relation.note,
  }
}

/** Columns that the database alone writes: places of ordered parts, and what paths lead to. */
function hiddenColumns(entity: Entity): readonly Column[] {
  const hidden = (name: string, type: string): Column => ({ name, type, notNull: true, default: null, comment: null })
  return [
    ...orderedParts(entity).map((relation) => hidden(relation.position, 'integer')),
    ...carriedColumns(entity).map(({ column }) => hidden(column, 'uuid')),
  ]
}

function keptColumn(field: Field, entity: Entity): Column {
  if (field.name === 'status' && entity.lifecycle !== null) {
    const initial = toText(sql`${sql.literal(entity.lifecycle.initial)}::text`)
    return { name: field.column, type: 'text', notNull: true, default: initial, comment: field.note }
  }
  const removed = field.name === 'deletedAt'
  const type = 'timestamp with time zone'
  return { name: field.column, type, notNull: !removed, default: removed ? null : 'now()', comment: field.note }
}
