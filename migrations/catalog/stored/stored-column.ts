import { canonicalHash, sql, toText } from '#base'
import { type ModelIndex, namedRow, tableSql, valueType } from '#policies'
import { type Computed, type Entity, storedColumn, storedOf, storedReads, tenantColumnOf } from '#schema'
import type { Column, StoredValue } from '../catalog.ts'
import { type StoredField, storedValueSql } from './stored-value.ts'

/**
 * The column of a stored formula. Without precision, as the formula has it: a sum that outgrows its field refuses no line. Null while it is not
 * computed, and where it is out of range.
 */
export function storedValueColumn(field: Computed, entity: Entity, index: ModelIndex): Column {
  return {
    name: storedColumn(field),
    type: valueType(field.type),
    notNull: false,
    default: null,
    comment: field.note,
    stored: storedValue({ entity, field }, index),
  }
}

function storedValue({ entity, field }: StoredField, index: ModelIndex): StoredValue {
  const row = namedRow('t0')
  const tenant = tenantColumnOf(entity)
  const value = toText(
    storedValueSql(field, { entity, index, row, ...(tenant === null ? {} : { tenant: row.column(tenant) }) }),
  )
  const read = storedReads(field, entity, index.entities).reads.map((each) => each.entity)
  const others = read.filter((each) => each.name !== entity.name).map((each) => toText(tableSql(each)))
  const followed = followedBy({ entity, field }, index)
  const names = followed.map((each) =>
    toText(sql`${tableSql(each.entity)}.${sql.identifier(storedColumn(each.field))}`),
  )
  const of = canonicalHash({ value, followed: followed.map((each) => storedValue(each, index).of) })
  return { value, tables: [...new Set(others)].sort(), follows: names.sort(), of }
}

/** The stored formulas that one reads. */
function followedBy({ entity, field }: StoredField, index: ModelIndex): readonly StoredField[] {
  const found = storedReads(field, entity, index.entities).reads.flatMap(({ entity: of, columns }) =>
    storedOf(of)
      .filter((each) => columns.includes(storedColumn(each)))
      .map((each) => ({ entity: of, field: each })),
  )
  const names = found.map((each) => `${each.entity.name}.${each.field.name}`)
  return found.filter((_, at) => names.indexOf(names[at]!) === at)
}
