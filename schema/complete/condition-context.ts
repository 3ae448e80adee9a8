import { Bug } from '#base'
import type { Problems } from '../load/problems.ts'
import type { Condition } from '../model/condition.ts'
import type { ActorValue, Entity, ModelPath } from '../model/model.ts'

/** What a condition may speak of. */
export interface ConditionContext {
  readonly entities: ReadonlyMap<string, Entity>
  /** The caller; null when the app defines none. */
  readonly actor: { readonly entity: string; readonly values: readonly ActorValue[] } | null
  /** False inside of an entity: a row says something about itself alone. */
  readonly isAcrossRows: boolean
  /** Why the condition may not speak of the caller, one sentence; null where it may. */
  readonly callerless: string | null
  /** Entity of the row that is asked about right now, for `row(…)` inside of an entity; set on the way. */
  readonly row?: Entity
  /** Why the condition may not speak of computed fields that are not stored, one sentence; absent where it may. */
  readonly computedRefused?: string
  /** What the words of policies mean here; absent where they are not known: inside of an entity, and in formulas. */
  readonly policy?: PolicyWords
  readonly problems: Problems
}

/** What a condition is about, where it was written. */
export interface ConditionPlace {
  readonly entity: Entity
  readonly path: ModelPath
}

/** What the words of policies mean at a place of a condition. */
export interface PolicyWords {
  /** Reads the conditions inside of facts and of relations to many: words and what they are made of know each other by this alone. */
  readonly read: (given: unknown, place: ConditionPlace, context: ConditionContext) => Condition | null
  /** Entity of the row at this level, for `its(…)`; set on the way. */
  readonly level: Entity | null
  /** Entity of the row that the rule is about, for `row(…)` and `was(…)`; or why there is none, one sentence. */
  readonly rule: Entity | string
  /** Whether the row at this level is the row that the rule is about. */
  readonly isTop: boolean
  /** Whether there is a value before the change. */
  readonly isBecoming: boolean
  /** Why rights cannot be asked for, one sentence; null where they can. */
  readonly mayless: string | null
  /** Why facts cannot be asked for, one sentence; null where they can. */
  readonly factless: string | null
  /** Names of the app's roles. */
  readonly roles: readonly string[]
}

/** Reads a condition inside of another that only policies know. */
export function readInner(given: unknown, place: ConditionPlace, context: ConditionContext): Condition | null {
  if (context.policy === undefined) throw new Bug('Words of policies were read elsewhere.')
  return context.policy.read(given, place, context)
}

/** The same one row further: behind a relation. */
export function furtherIn(context: ConditionContext): ConditionContext {
  const { policy } = context
  return policy === undefined ? context : { ...context, policy: { ...policy, isTop: false } }
}

/** And of several conditions; null as soon as one of them could not be read. */
export function all(conditions: readonly (Condition | null)[]): Condition | null {
  const sound = conditions.filter((condition) => condition !== null)
  if (sound.length !== conditions.length || sound.length === 0) return null
  return sound.length === 1 ? sound[0]! : { kind: 'and', all: sound }
}
