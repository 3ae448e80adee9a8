import type { Computed, Condition } from '#schema'
import { entityOf } from '../to-sql/model-index.ts'
import type { ClauseTrace } from './decision.ts'
import { computedOf } from './formula/computed.ts'
import { judge } from './judge.ts'
import type { Place } from './place.ts'
import type { Known } from './value.ts'
import type { Caller, Row, World } from './world.ts'

/** A row of an entity in a world, and who asks. */
export interface RowInWorld {
  readonly world: World
  /** Left out: nobody. */
  readonly caller?: Caller
  /** Name of the entity. */
  readonly entity: string
  readonly row: Row
}

/** Who is nobody: a visitor of no tenant. */
export const nobody: Caller = { id: null, roles: null, tenant: null, claims: {}, request: {} }

/** Whether a condition surely holds of a row. */
export function holds(condition: Condition, at: RowInWorld): boolean {
  return traceCondition(condition, at).truth === true
}

/** What a condition comes to, clause by clause. */
export function traceCondition(condition: Condition, at: RowInWorld): ClauseTrace {
  return judge(condition, placeOf(at))
}

/** What a computed field of a row is; `beyond` where its formula is out of range. */
export function computedAt(computed: Computed, at: RowInWorld): Known {
  return computedOf(computed, placeOf(at))
}

function placeOf({ world, caller = nobody, entity: name, row }: RowInWorld): Place {
  const entity = entityOf(world.index, name)
  return { world, caller, entity, row, ruled: { entity, row }, before: null, judge }
}
