import type { Entity, Field, ToOne } from './model.ts'
import { toOnesOf } from './to-ones.ts'

/** Where a path through to-one relations leads. */
export interface PathEnd {
  readonly hops: readonly ToOne[]
  /** Entity that holds the field. */
  readonly entity: Entity
  readonly field: Field
}

/** Name on a path that leads nowhere, and what is known there. */
export interface PathFault {
  readonly entity: Entity
  readonly name: string
  readonly known: readonly string[]
}

/** Follows `['order', 'customer', 'currency']` from an entity: to-one relations, then a field. */
export function followPath(
  from: Entity,
  path: readonly string[],
  entities: ReadonlyMap<string, Entity>,
): PathEnd | PathFault {
  const hops: ToOne[] = []
  let entity = from
  for (const name of path.slice(0, -1)) {
    const ones = toOnesOf(entity)
    const hop = ones.find((relation) => relation.name === name)
    const target = hop === undefined ? undefined : entities.get(hop.to)
    if (hop === undefined || target === undefined) return { entity, name, known: ones.map((each) => each.name) }
    hops.push(hop)
    entity = target
  }
  const last = path.at(-1) ?? ''
  const field = entity.fields.find((each) => each.name === last)
  if (field !== undefined) return { hops, entity, field }
  return { entity, name: last, known: entity.fields.filter((each) => !each.builtIn).map((each) => each.name) }
}
