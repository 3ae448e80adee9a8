import { sql, toText } from '#base'
import { entityOf, type ModelIndex } from '#policies'
import { type Entity, type ToOne, toOnesOf } from '#schema'
import { tableName } from './raise.ts'
import type { Fill } from './values-function.ts'

/** A to-one whose rows have places among their siblings. */
export type OrderedPart = ToOne & { readonly position: string }

/** The relations by which an entity's rows have a place. */
export function orderedParts(entity: Entity): readonly OrderedPart[] {
  return toOnesOf(entity).filter((relation): relation is OrderedPart => relation.position !== null)
}

/** New rows come last. */
export function placeFills(entity: Entity, index: ModelIndex): readonly Fill[] {
  return orderedParts(entity).map((relation) => {
    const position = toText(sql.identifier(relation.position))
    const lines = placeLines(entity, relation, index).map((line) => `  ${line}`)
    return { declarations: [], lines: [`  if new.${position} is null then`, ...lines, '  end if;'] }
  })
}

/**
 * Gives the row the place behind its siblings. The whole is locked meanwhile, so that two at once get different places; removed
 * siblings count, so that they find their places free when they are restored.
 */
export function placeLines(entity: Entity, relation: OrderedPart, index: ModelIndex): readonly string[] {
  const [link, position] = [relation.column, relation.position].map((name) => toText(sql.identifier(name)))
  return [
    `  ${lockWhole(entityOf(index, relation.to), `new.${link}`)}`,
    `  select coalesce(max(t0.${position}), 0) + 1 into new.${position}`,
    `    from ${tableName(entity)} t0 where t0.${link} = new.${link};`,
  ]
}

/** A statement that lets one at a time change the order of a whole's parts. */
export function lockWhole(whole: Entity, id: string): string {
  return `perform from ${tableName(whole)} t0 where t0."id" = ${id} for no key update;`
}
