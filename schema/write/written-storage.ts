import { snakeCase } from '#base'
import { usualMoments } from '../complete/built-in-fields.ts'
import { builtInField } from '../model/built-ins.ts'
import { hasId } from '../model/key.ts'
import type { Entity, Field } from '../model/model.ts'

/** What an entity says about its table, its key and its built-in fields, where they are not the usual ones. */
export function writtenStorage(entity: Entity): Readonly<Record<string, unknown>> {
  return { ...tenantOption(entity), ...placeOption(entity), ...keyOption(entity), builtIns: builtInsOption(entity) }
}

/** `'unit_price'`, `{ name, type }`, or null for the column that the field's name and type mean. */
export function writtenColumn({ name, column, columnType }: Pick<Field, 'name' | 'column' | 'columnType'>): unknown {
  const own = column === snakeCase(name) ? null : column
  if (columnType === null) return own
  const type = shortType(columnType)
  return own === null ? { type } : { name: own, type }
}

/** `varchar(40)` for `character varying(40)`, as people write it. */
function shortType(type: string): string {
  return type
    .replace(/^character varying/, 'varchar')
    .replace(/^character\(/, 'char(')
    .replace(/^(time(?:stamp)?(?:\(\d\))?) without time zone$/, '$1')
}

function tenantOption({ tenancy, source }: Entity): Readonly<Record<string, unknown>> {
  if (tenancy === 'none') return { tenant: false }
  if (source.kind === 'view' && source.tenantColumn !== null) return { tenant: { column: source.tenantColumn } }
  if (source.kind === 'adopted' && source.tenantColumn !== null)
    return {
      tenant: {
        column: source.tenantColumn,
        ...(source.tenantInKey ? { inKey: true } : {}),
        ...(source.globalKeys ? { keys: 'global' } : {}),
      },
    }
  return tenancy === 'own' ? {} : { tenant: tenancy }
}

function placeOption({ name, source, schema, table }: Entity): Readonly<Record<string, unknown>> {
  if (source.kind === 'report')
    return { sql: source.file, refresh: source.refresh, table: table === snakeCase(name) ? null : table }
  if (source.kind === 'view') {
    const own = table === snakeCase(name) ? null : table
    return { adopt: { view: `${source.schema}.${source.view}` }, table: own }
  }
  if (source.kind !== 'adopted') return { table: table === snakeCase(name) ? null : table }
  const place = `${schema}.${table}`
  return { adopt: source.triggers.length === 0 ? place : { table: place, triggers: source.triggers } }
}

function keyOption(entity: Entity): Readonly<Record<string, unknown>> {
  if (!hasId(entity)) return { key: entity.key.length === 1 ? entity.key[0] : entity.key }
  const id = builtInField(entity, 'id')
  if (id === null || (id.type.kind === 'uuid' && id.column === 'id')) return {}
  const int = id.columnType === 'smallint' ? 'int16' : 'int32'
  const type = id.type.kind === 'uuid' ? 'uuid' : id.type.kind === 'int64' ? 'int64' : int
  return { id: id.column === 'id' ? type : { column: id.column, type } }
}

function builtInsOption(entity: Entity): unknown {
  const names = ['createdAt', 'updatedAt', 'deletedAt'] as const
  const isAdopted = entity.source.kind !== 'table'
  if (names.every((name) => builtInField(entity, name) === null)) return isAdopted ? null : false
  const entries = names.flatMap((name): readonly (readonly [string, unknown])[] => {
    const field = builtInField(entity, name)
    if (field === null) return isAdopted ? [] : [[name, false]]
    const isUsual = field.column === usualMoments[name]?.column && field.columnType === null
    if (isUsual) return isAdopted ? [[name, field.column]] : []
    return [
      [name, field.columnType === null ? field.column : { name: field.column, type: shortType(field.columnType) }],
    ]
  })
  return entries.length === 0 ? null : Object.fromEntries(entries)
}
