import { type ActorRefDeclaration, kindOf } from '../dsl/declaration.ts'
import { type EmbedField, isEmbed, membersOf, requiredParts } from '../model/column-fields.ts'
import type { Condition } from '../model/condition.ts'
import type { Entity, Field, ModelPath } from '../model/model.ts'
import { readActorComparison } from './condition-actor.ts'
import { all, type ConditionContext } from './condition-context.ts'
import { readFieldTests } from './condition-field.ts'
import { didYouMeanHint } from './hint.ts'
import { isPlainObject } from './options.ts'

interface Place {
  readonly entity: Entity
  readonly path: ModelPath
}

/** Reads `{ city: 'Paris' }`, null, `{ is: null }` or `{ isNot: null }` for a value object: comparisons of its parts. */
export function readEmbedTests(
  embed: EmbedField,
  given: unknown,
  place: Place,
  context: ConditionContext,
): Condition | null {
  const { path } = place
  if (given === null) return presence(embed, 'is', path, context)
  if (!isPlainObject(given)) {
    const message = `"${embed.name}" is compared by its parts, { part: value }, or with null.`
    context.problems.report('CONDITION_VALUE_INVALID', { path }, message)
    return null
  }
  const keys = Object.keys(given)
  if (keys.length === 0) {
    context.problems.report('CONDITION_EMPTY', { path }, `This says nothing about "${embed.name}".`)
    return null
  }
  return all(keys.map((key) => readPart(embed, key, given[key], { ...place, path: [...path, key] }, context)))
}

function readPart(embed: EmbedField, key: string, given: unknown, place: Place, context: ConditionContext) {
  const { path } = place
  if (key === 'is' || key === 'isNot') {
    if (given === null) return presence(embed, key, path, context)
    const message = `"${key}" compares a value object with null alone.`
    context.problems.report('CONDITION_VALUE_INVALID', { path }, message)
    return null
  }
  const part = membersOf(embed).find(({ name }) => name === `${embed.name}.${key}`)
  if (part !== undefined) return readMember(part, given, place, context)
  const known = embed.type.fields.map(({ name }) => name)
  const message = `"${embed.name}" has no part "${key}".`
  context.problems.report('POLICY_PATH_UNKNOWN', { path, part: 'key' }, message, { hint: didYouMeanHint(key, known) })
  return null
}

function readMember(part: Field, given: unknown, place: Place, context: ConditionContext): Condition | null {
  if (isEmbed(part)) return readEmbedTests(part, given, place, context)
  if (kindOf(given) !== 'actorRef') return readFieldTests(part, given, place.path, context)
  const comparison = { on: part.name, op: 'is', type: part.type } as const
  return readActorComparison(comparison, given as ActorRefDeclaration, place.path, context)
}

/** Its first required part tells whether the object is there. */
function presence(embed: EmbedField, op: 'is' | 'isNot', path: ModelPath, context: ConditionContext): Condition | null {
  const [first] = requiredParts(embed)
  if (first !== undefined) return { kind: 'compare', on: first.name, op, to: { kind: 'value', value: null } }
  const message = `"${embed.name}" is always there: none of its parts is required.`
  context.problems.report('CONDITION_VALUE_INVALID', { path }, message, { hint: 'Ask for one of its parts.' })
  return null
}
