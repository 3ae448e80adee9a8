import { sql, toText } from '#base'
import { columnOf, type ModelIndex } from '#policies'
import { type Entity, isShared, keyColumnsOf, type ToOne } from '#schema'

/**
 * What the index of a to-one ends with so that pages of the list on its other side are read from it, as keys of an index: the order
 * of that list where it is asked for none (decision 0071). Nothing where no list is there, where a key of the places of
 * ordered parts gives the order already, and where no index can: ours stand between own rows, nulls apart from values.
 */
export function listOrder(entity: Entity, relation: ToOne, index: ModelIndex): readonly string[] {
  if (relation.position !== null || isShared(entity) || !isListed(entity, relation, index)) return []
  if (!entity.sort.every(({ name }) => isRequired(entity, name))) return []
  const sorted = entity.sort.map(({ name, descending }) => ({
    column: columnOf(entity, name, index).column,
    descending,
  }))
  // The key breaks ties in the direction of the first.
  const descending = sorted[0]?.descending ?? false
  const key = keyColumnsOf(entity, index.entities).map(({ column }) => ({ column, descending }))
  const rest = key.filter(({ column }) => sorted.every((each) => each.column !== column))
  return [...sorted, ...rest]
    .filter(({ column }) => column !== relation.column)
    .map(({ column, descending }) => toText(sql`${sql.identifier(column)}${sql.raw(descending ? ' desc' : '')}`))
}

function isListed(entity: Entity, { name, to }: ToOne, { entities }: ModelIndex): boolean {
  const lists = entities.get(to)?.relations ?? []
  return lists.some((list) => list.kind === 'many' && list.to === entity.name && list.by === name)
}

function isRequired({ fields, relations }: Entity, name: string): boolean {
  const part = [...fields, ...relations].find((each) => each.name === name)
  return part !== undefined && 'optional' in part && !part.optional
}
