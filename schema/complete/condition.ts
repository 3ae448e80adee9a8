import { didYouMean } from '#base'
import { type ActorRefDeclaration, type ConditionDeclaration, kindOf, type MayDeclaration } from '../dsl/declaration.ts'
import { isEmbed } from '../model/column-fields.ts'
import type { Condition } from '../model/condition.ts'
import type { Entity, Field, ModelPath, OneOf, Relation, ToOne } from '../model/model.ts'
import { toOnesOf } from '../model/to-ones.ts'
import { readActorComparison } from './condition-actor.ts'
import { all, type ConditionContext, type ConditionPlace, furtherIn } from './condition-context.ts'
import { readEmbedTests } from './condition-embed.ts'
import { isFactKey, readFacts } from './condition-fact.ts'
import { readFieldTests } from './condition-field.ts'
import { isManyWord, readMany } from './condition-many.ts'
import { readMay } from './condition-may.ts'
import { isPresenceWord, readPresence } from './condition-presence.ts'
import { readTargetTests } from './condition-target.ts'
import { didYouMeanHint } from './hint.ts'
import { writtenOnes } from './one-of.ts'
import { isPlainObject } from './options.ts'

/**
 * Reads what an author wrote as a condition on a row of an entity: plain data, or `condition(Customer, …)`.
 * Null when nothing sound is in it; then there is a report.
 */
export function readCondition(given: unknown, place: ConditionPlace, context: ConditionContext): Condition | null {
  const { entity, path } = place
  if (kindOf(given) === 'condition') return readNamed(given as ConditionDeclaration, place, context)
  if (kindOf(given) === 'may') return readMay(given as MayDeclaration, place, context)
  if (!isPlainObject(given)) {
    const message = `A condition on "${entity.name}" is written as { field: value }.`
    context.problems.report('CONDITION_VALUE_INVALID', { path }, message)
    return null
  }
  const keys = Object.keys(given)
  if (spreadCondition.every((key) => keys.includes(key)) && isCallSite(given.at)) {
    const hint = 'Use it whole, or combine it with the rest: allOf: [ours, { … }].'
    context.problems.report('CONDITION_VALUE_INVALID', { path }, 'A named condition cannot be spread.', { hint })
    return null
  }
  if (keys.length === 0) {
    const hint = 'Leave the condition out where every row is meant.'
    context.problems.report('CONDITION_EMPTY', { path }, 'This condition says nothing.', { hint })
    return null
  }
  const { policy } = context
  const here = policy === undefined ? context : { ...context, policy: { ...policy, level: entity } }
  return all(keys.map((key) => readKey(key, given[key], { entity, path: [...path, key] }, here)))
}

/** Keys that the spread of `condition(…)` leaves behind. */
const spreadCondition = ['of', 'where', 'at']

function isCallSite(given: unknown): boolean {
  return given === null || (isPlainObject(given) && Object.hasOwn(given, 'file'))
}

function readNamed(given: ConditionDeclaration, place: ConditionPlace, context: ConditionContext): Condition | null {
  const { entity, path } = place
  const { policy } = context
  const inner =
    policy === undefined ? context : { ...context, policy: { ...policy, rule: ruleless, isBecoming: false } }
  if (given.of === entity.name) return readCondition(given.where, place, inner)
  const message = `This condition is about "${given.of}", but the row is of "${entity.name}".`
  context.problems.report('CONDITION_VALUE_INVALID', { path }, message)
  return null
}

const ruleless = 'A named condition does not know the row of the rule: it may stand in several.'

function readKey(key: string, given: unknown, place: ConditionPlace, context: ConditionContext): Condition | null {
  const { entity, path } = place
  if (key === 'anyOf' || key === 'allOf') return readList(key, given, place, context)
  if (key === 'not') {
    const not = readCondition(given, place, context)
    return not === null ? null : { kind: 'not', not }
  }
  if (isFactKey(key) && !isNameOf(entity, key)) return readFacts(key, given, place, context)
  if (isPresenceWord(key) && !context.isAcrossRows) return readPresence(key, given, place, context)
  const embed = entity.fields.find(({ name }) => name === key)
  if (embed !== undefined && isEmbed(embed)) return readEmbedTests(embed, given, place, context)
  const field = [...entity.fields, ...entity.computed].find(({ name }) => name === key)
  if (field !== undefined) {
    const isColumn = !('stored' in field) || field.stored
    if (context.computedRefused === undefined || isColumn) return readField(field, given, place, context)
    context.problems.report('CONDITION_VALUE_INVALID', { path, part: 'key' }, context.computedRefused)
    return null
  }
  if (key === 'id' && field === undefined && isField(entity, entity.key))
    return readTargetTests({ on: entity.key[0]!, target: entity.name }, given, path, context)
  const relation = entity.relations.find(({ name }) => name === key)
  if (relation !== undefined) return readRelation(relation, given, place, context)
  context.problems.report(
    'POLICY_PATH_UNKNOWN',
    { path, part: 'key' },
    `"${entity.name}" has no "${key}".`,
    unknownKey(key, place, context),
  )
  return null
}

/** Whether a single field identifies the rows: `id` stands for it, so that rules look alike whatever the key. */
function isField({ fields }: Entity, [name, ...more]: readonly string[]): boolean {
  return more.length === 0 && fields.some((field) => field.name === name)
}

function unknownKey(key: string, { entity }: ConditionPlace, context: ConditionContext) {
  const others =
    context.policy === undefined ? [] : entity.relations.filter(({ kind }) => kind !== 'one' && kind !== 'oneOf')
  const names = [...entity.fields, ...entity.computed, ...writtenOnes(entity), ...others].map(({ name }) => name)
  const near = didYouMean(key.replace(/Id$/, ''), names) ?? didYouMean(key, [...names, 'anyOf', 'allOf', 'not'])
  if (near === null) return { hint: `It has ${names.map((name) => `"${name}"`).join(', ')}.` }
  const part = entity.fields.some(({ name }) => name === near) ? 'fields' : 'relations'
  const related = { message: 'declared in', path: [entity.name, part, near], part: 'key' } as const
  return { hint: `Did you mean "${near}"?`, related }
}

function readList(key: 'anyOf' | 'allOf', given: unknown, place: ConditionPlace, context: ConditionContext) {
  const { entity, path } = place
  if (!Array.isArray(given) || given.length === 0) {
    const isEmpty = Array.isArray(given)
    const message = isEmpty ? `The list of "${key}" is empty.` : `"${key}" must be a list of conditions.`
    context.problems.report(isEmpty ? 'CONDITION_EMPTY' : 'CONDITION_VALUE_INVALID', { path }, message)
    return null
  }
  const read = given.map((each: unknown, index) => readCondition(each, { entity, path: [...path, index] }, context))
  const sound = read.filter((each) => each !== null)
  // A part that could not be read is reported; what is left of the tree is never used.
  if (sound.length !== read.length) return null
  return key === 'allOf' ? all(sound) : sound.length === 1 ? sound[0]! : ({ kind: 'or', any: sound } as const)
}

function readField(
  field: Pick<Field, 'name' | 'type'>,
  given: unknown,
  place: ConditionPlace,
  context: ConditionContext,
): Condition | null {
  if (field.name === 'id') return readTargetTests({ on: 'id', target: place.entity.name }, given, place.path, context)
  if (kindOf(given) === 'actorRef')
    return readActorComparison(
      { on: field.name, op: 'is', type: field.type },
      given as ActorRefDeclaration,
      place.path,
      context,
    )
  return readFieldTests(field, given, place.path, { ...context, row: place.entity })
}

function readRelation(relation: Relation, given: unknown, place: ConditionPlace, context: ConditionContext) {
  const { path } = place
  if (relation.kind === 'oneOf') return readOneOf(relation, given, place, context)
  if (relation.kind !== 'one') return readMany(relation, given, place, context)
  if (!context.isAcrossRows && !isNullTest(given)) {
    const message = `A condition inside of an entity looks at the row alone, not at "${relation.name}".`
    context.problems.report('CONDITION_VALUE_INVALID', { path, part: 'key' }, message)
    return null
  }
  return readToOne(relation, given, path, context)
}

/** `{ Invoice: { … } }`: it leads to an invoice, which meets the condition; or null. */
function readOneOf(relation: OneOf, given: unknown, place: ConditionPlace, context: ConditionContext) {
  const { entity, path } = place
  const ones = toOnesOf(entity)
  const partOf = (name: string) => ones.find((one) => one.name === name)!
  const isNull = (name: string): Condition => ({
    kind: 'compare',
    on: name,
    op: 'is',
    to: { kind: 'value', value: null },
  })
  const none: Condition = { kind: 'and', all: relation.targets.map((target) => isNull(target.relation)) }
  const isTested = isPlainObject(given) && Object.hasOwn(nullTests, Object.keys(given).join())
  if (isNullTest(given) && (given === null || isTested))
    return given === null || Object.hasOwn(given as object, 'is') ? none : ({ kind: 'not', not: none } as const)
  const names = relation.targets.map(({ to }) => to)
  if (!isPlainObject(given) || Object.keys(given).length !== 1) {
    const hint = `Write { ${relation.name}: { ${names[0] ?? 'Entity'}: { … } } }; several stand in anyOf.`
    const message = `"${relation.name}" is null, or names one of ${names.map((name) => `"${name}"`).join(', ')}.`
    context.problems.report('CONDITION_VALUE_INVALID', { path }, message, { hint })
    return null
  }
  const [[key, inner]] = Object.entries(given) as [[string, unknown]]
  const target = relation.targets.find(({ to }) => to === key)
  if (target === undefined) {
    const message = `"${relation.name}" does not lead to "${key}".`
    const hint = didYouMeanHint(key, names)
    context.problems.report('POLICY_PATH_UNKNOWN', { path: [...path, key], part: 'key' }, message, { hint })
    return null
  }
  return readToOneAt(partOf(target.relation), inner, [...path, key], context)
}

const nullTests: Readonly<Record<string, true>> = { is: true, isNot: true }

function readToOneAt(relation: ToOne, given: unknown, path: ModelPath, context: ConditionContext): Condition | null {
  if (context.isAcrossRows || isNullTest(given)) return readToOne(relation, given, path, context)
  const message = `A condition inside of an entity looks at the row alone, not at "${relation.to}".`
  context.problems.report('CONDITION_VALUE_INVALID', { path, part: 'key' }, message)
  return null
}

function readToOne(relation: ToOne, given: unknown, path: ModelPath, context: ConditionContext): Condition | null {
  const target = context.entities.get(relation.to)
  // The relation itself is reported by its own check.
  if (target === undefined) return null
  const quantifier = isPlainObject(given)
    ? Object.keys(given).find((key) => isManyWord(key) && !isNameOf(target, key))
    : undefined
  if (quantifier !== undefined) return refuseQuantifier(relation, quantifier, path, context)
  const isTests = isPlainObject(given) && Object.keys(given).some((key) => targetTests.has(key))
  if (kindOf(given) !== 'condition' && kindOf(given) !== 'may' && (isTests || !isPlainObject(given)))
    return readTargetTests({ on: relation.name, target: relation.to }, given, path, context)
  const where = readCondition(given, { entity: target, path }, furtherIn(context))
  return where === null ? null : { kind: 'path', relation: relation.name, where }
}

function isNameOf({ fields, computed, relations }: Entity, name: string): boolean {
  return [...fields, ...computed, ...relations].some((each) => each.name === name)
}

function refuseQuantifier({ name, to }: ToOne, key: string, path: ModelPath, { problems }: ConditionContext): null {
  const message = `"${name}" leads to one "${to}": "${key}" is asked of many rows.`
  const hint =
    key === 'empty'
      ? `Write { ${name}: null }, or { ${name}: { isNot: null } }.`
      : `Write the condition without "${key}".`
  problems.report('CONDITION_QUANTIFIER_MISPLACED', { path: [...path, key], part: 'key' }, message, { hint })
  return null
}

const targetTests = new Set(['is', 'isNot', 'in', 'notIn', 'within'])

function isNullTest(given: unknown): boolean {
  if (given === null) return true
  return isPlainObject(given) && Object.entries(given).every(([key, value]) => targetTests.has(key) && value === null)
}
