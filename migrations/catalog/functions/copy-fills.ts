import { sql, toText } from '#base'
import { type ModelIndex, throughUtc } from '#policies'
import type { Entity, Field } from '#schema'
import { currencyAt, fieldAt, valueAt } from '../copied.ts'
import type { Fill } from './values-function.ts'

/** Copies of values of related rows (`from: 'product.price'`), where the new row has none. */
export function copyFills(entity: Entity, index: ModelIndex): readonly Fill[] {
  return entity.fields.flatMap((field) =>
    field.from === null ? [] : [{ declarations: [], lines: copyLines(field, field.from, entity, index) }],
  )
}

function copyLines(field: Field, from: readonly string[], entity: Entity, index: ModelIndex): readonly string[] {
  const column = toText(sql.identifier(field.column))
  const copied = throughUtc(valueAt(from, entity, index), fieldAt(from, entity, index), field)
  return [
    `  if new.${column} is null then`,
    `    new.${column} := ${toText(copied)};`,
    ...currencyLines(field, from, entity, index),
    '  end if;',
  ]
}

/** An amount of another currency is no copy but another amount. */
function currencyLines(field: Field, from: readonly string[], entity: Entity, index: ModelIndex): readonly string[] {
  const [own, theirs] = [currencyAt([field.name], entity, index), currencyAt(from, entity, index)]
  if (own === null || theirs === null || toText(own) === toText(theirs)) return []
  const column = toText(sql.identifier(field.column))
  const place = `schema = ${toText(sql.literal(entity.schema))}, table = ${toText(sql.literal(entity.table))}, column = ${toText(sql.literal(field.column))}`
  return [
    `    if new.${column} is not null and ${toText(own)} is distinct from ${toText(theirs)} then`,
    `      raise exception using errcode = '23514', ${place}, message = 'the amount to copy is in another currency';`,
    '    end if;',
  ]
}
