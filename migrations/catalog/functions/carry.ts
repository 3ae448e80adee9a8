import { sql, toText } from '#base'
import { entityOf, type ModelIndex } from '#policies'
import { type CarriedColumn, carriedColumns, type Entity, toOnesOf } from '#schema'
import { tableName } from './raise.ts'
import type { Fill } from './values-function.ts'

/** What paths lead to, copied into a new row. */
export function carryFills(entity: Entity, index: ModelIndex): readonly Fill[] {
  return carriedColumns(entity).map((carried) => ({ declarations: [], lines: carryLines(carried, index) }))
}

/** Copies what the hop's row refers to; the foreign key holds the copy equal from then on. */
export function carryLines({ column, hop, end }: CarriedColumn, index: ModelIndex): readonly string[] {
  const holder = entityOf(index, hop.to)
  const source = toOnesOf(holder).find((relation) => relation.name === end)!
  const [own, link, copied] = [column, hop.column, source.column].map((name) => toText(sql.identifier(name)))
  return [
    `  select t0.${copied} into new.${own} from ${tableName(holder)} t0 where t0."id" = new.${link} for key share;`,
  ]
}
