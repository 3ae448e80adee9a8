import type { Condition, Entity } from '#schema'
import type { ClauseTrace } from './decision.ts'
import type { Caller, Row, World } from './world.ts'

/** A row of an entity. */
export interface Placed {
  readonly entity: Entity
  readonly row: Row
}

/** Where a condition is judged. */
export interface Place extends Placed {
  readonly world: World
  readonly caller: Caller
  /** The row that the rule is about. */
  readonly ruled: Placed
  /** The row before the change; null where nothing changes. */
  readonly before: Row | null
  /** Judges conditions: they read formulas and reach sets, and those conditions. */
  readonly judge: (condition: Condition, place: Place) => ClauseTrace
}

/** The same judgement about another row. */
export function placeAt(place: Place, { entity, row }: Placed): Place {
  return { ...place, entity, row, before: null }
}
