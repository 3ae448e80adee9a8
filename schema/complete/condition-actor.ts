import { didYouMean } from '#base'
import type { ActorRefDeclaration } from '../dsl/declaration.ts'
import type { Condition, Operator } from '../model/condition.ts'
import type { Entity, FieldType, ModelPath } from '../model/model.ts'
import { ownOf } from '../model/own-of.ts'
import type { ConditionContext } from './condition-context.ts'

/** A comparison whose other side is the caller: of a field by its type, or of a row by its entity. */
export type ActorComparison = { readonly on: string; readonly op: Operator } & (
  | { readonly type: FieldType; readonly target?: never }
  | { readonly target: string; readonly type?: never }
)

/** Reads `actor.id`, a claim or a reach; a reach alone means that the row is one of it. */
export function readActorComparison(
  comparison: ActorComparison,
  { name }: ActorRefDeclaration,
  path: ModelPath,
  context: ConditionContext,
): Condition | null {
  const { on, op } = comparison
  const fault = faultOf(comparison, name, context)
  if (fault !== null) {
    context.problems.report(fault.code, { path }, fault.message, { hint: fault.hint ?? null })
    return null
  }
  const isReach = context.actor?.values.some((value) => value.name === name && value.kind === 'reach') ?? false
  const meant = isReach && op === 'is' ? 'in' : isReach && op === 'isNot' ? 'notIn' : op
  return { kind: 'compare', on, op: meant, to: { kind: 'actor', name } }
}

interface Fault {
  readonly code: 'ACTOR_MISSING' | 'ACTOR_VALUE_UNKNOWN' | 'CONDITION_VALUE_INVALID' | 'CONDITION_OPERATOR_INVALID'
  readonly message: string
  readonly hint?: string
}

function faultOf(comparison: ActorComparison, name: string, context: ConditionContext): Fault | null {
  const { actor } = context
  if (context.callerless !== null) return { code: 'CONDITION_VALUE_INVALID', message: context.callerless }
  if (actor === null) {
    const hint = 'Export `actor = defineActor(…)` from a file in policies/.'
    return { code: 'ACTOR_MISSING', message: 'This needs the caller, but the app defines no actor.', hint }
  }
  if (name === 'id') return idFault(comparison, actor.entity)
  const value = actor.values.find((each) => each.name === name)
  if (value === undefined) {
    const near = didYouMean(name, ['id', ...actor.values.map((each) => each.name)])
    const hint = near === null ? {} : { hint: `Did you mean "${near}"?` }
    return { code: 'ACTOR_VALUE_UNKNOWN', message: `The actor has no "${name}".`, ...hint }
  }
  if (value.kind === 'own') return ownFault(comparison, value.field, context.entities.get(actor.entity))
  return value.kind === 'reach' ? reachFault(comparison, value.to) : claimFault(comparison, value.type)
}

function idFault(comparison: ActorComparison, entity: string): Fault | null {
  if (comparison.op === 'in' || comparison.op === 'notIn') return notAList(comparison)
  if (comparison.target === entity) return null
  return mismatch(comparison, `the id of a "${entity}"`)
}

/** A field of the caller's row is compared like a claim, but as it is stored; a to-one relation like an id. */
function ownFault(comparison: ActorComparison, name: string, entity: Entity | undefined): Fault | null {
  const own = entity === undefined ? null : ownOf(entity, name)
  // Told where the actor is declared.
  if (own === null) return null
  if ('target' in own) return idFault(comparison, own.target)
  const { type } = comparison
  const fault = claimFault(comparison, own.type)
  const isMoney = type?.kind === 'money' && own.type.kind === 'money'
  if (fault !== null || !isMoney || (type.minor === own.type.minor && type.scale === own.type.scale)) return fault
  return mismatch(comparison, 'an amount that is stored in another unit')
}

function reachFault(comparison: ActorComparison, to: string): Fault | null {
  if (comparison.target === to) return null
  const fault = mismatch(comparison, `a set of ids of "${to}"`)
  return comparison.type === undefined
    ? fault
    : { ...fault, hint: `Of a "${to}" itself, "id" says it whatever its key.` }
}

function claimFault(comparison: ActorComparison, type: FieldType): Fault | null {
  if (comparison.op === 'in' || comparison.op === 'notIn') return notAList(comparison)
  const fits = comparison.type !== undefined && isComparable(comparison.type, type)
  return fits ? null : mismatch(comparison, `a value of kind "${type.kind}"`)
}

/** Choices are texts: a claim may have fewer or more values than the field. Amounts of two currencies are not compared. */
function isComparable(field: FieldType, claim: FieldType): boolean {
  const words = ['text', 'choice']
  if (words.includes(field.kind) && words.includes(claim.kind)) return true
  if (field.kind === 'money' && claim.kind === 'money') return field.currency === claim.currency && field.in === null
  if (field.kind === 'duration' && claim.kind === 'duration') return field.in === claim.in
  return field.kind === claim.kind
}

function notAList({ op }: ActorComparison): Fault {
  return { code: 'CONDITION_OPERATOR_INVALID', message: `"${op}" needs a list; this is a single value of the caller.` }
}

function mismatch({ on }: ActorComparison, wanted: string): Fault {
  return { code: 'CONDITION_VALUE_INVALID', message: `"${on}" cannot be compared with ${wanted}.` }
}
