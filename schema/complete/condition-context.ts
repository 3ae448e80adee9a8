import type { Problems } from '../load/problems.ts'
import type { Condition } from '../model/condition.ts'
import type { ActorValue, Entity } from '../model/model.ts'

/** What a condition may speak of. */
export interface ConditionContext {
  readonly entities: ReadonlyMap<string, Entity>
  /** The caller; null when the app defines none. */
  readonly actor: { readonly entity: string; readonly values: readonly ActorValue[] } | null
  /** False inside of an entity: a row says something about itself alone. */
  readonly isAcrossRows: boolean
  /** Why the condition may not speak of the caller, one sentence; null where it may. */
  readonly callerless: string | null
  /** Entity of the row that is asked about right now, for `row(…)`; set on the way. */
  readonly row?: Entity
  /** Why the condition may not speak of computed fields, one sentence; absent where it may. */
  readonly computedRefused?: string
  readonly problems: Problems
}

/** And of several conditions; null as soon as one of them could not be read. */
export function all(conditions: readonly (Condition | null)[]): Condition | null {
  const sound = conditions.filter((condition) => condition !== null)
  if (sound.length !== conditions.length || sound.length === 0) return null
  return sound.length === 1 ? sound[0]! : { kind: 'and', all: sound }
}
