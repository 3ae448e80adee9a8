import { didYouMean } from '#base'
import { kindOf } from '../dsl/declaration.ts'
import type { Condition, ManyPath } from '../model/condition.ts'
import type { HasOne, Lineage, ModelPath, Through, ToMany } from '../model/model.ts'
import { all, type ConditionContext, type ConditionPlace, furtherIn, readInner } from './condition-context.ts'
import { isPlainObject } from './options.ts'

/** A relation that other rows hold. */
export type OthersRelation = ToMany | Through | HasOne | Lineage

const quantifiers = ['some', 'none', 'every'] as const
const manyWords: readonly string[] = [...quantifiers, 'empty']

/** True for the words that say how many of the related rows are meant. */
export function isManyWord(key: string): boolean {
  return manyWords.includes(key)
}

/** Reads `{ some: { … } }`, `{ none: … }`, `{ every: … }`, `{ empty: true }`; of one other row also a condition on it, or null. */
export function readMany(
  relation: OthersRelation,
  given: unknown,
  place: ConditionPlace,
  context: ConditionContext,
): Condition | null {
  const { path } = place
  const { problems } = context
  if (context.policy === undefined) {
    const message = `"${relation.name}" leads to rows that are not this one.`
    const hint = context.isAcrossRows
      ? 'A formula asks its lists: o.lines.exists(…), o.lines.count(…).'
      : 'What always holds of a row is said of the row alone. Policies may look at others.'
    problems.report('CONDITION_PATH_TO_MANY', { path, part: 'key' }, message, { hint })
    return null
  }
  const target = context.entities.get(relation.to)
  // The relation itself is reported by its own check.
  if (target === undefined) return null
  const inner = furtherIn(context)
  const isOne = relation.kind === 'hasOne'
  if (isOne && given === null) return { kind: 'many', relation: relation.name, how: 'none', where: null }
  const keys = isPlainObject(given) && kindOf(given) === null ? Object.keys(given) : null
  const isQuantified = keys?.every((key) => isManyWord(key) && !(isOne && hasName(target, key))) ?? false
  if (isOne && !isQuantified) {
    const isNullTest = keys?.length === 1 && (keys[0] === 'is' || keys[0] === 'isNot')
    if (isNullTest && (given as Readonly<Record<string, unknown>>)[keys[0]!] === null)
      return { kind: 'many', relation: relation.name, how: keys[0] === 'is' ? 'none' : 'some', where: null }
    if (keys !== null || isCondition(given)) {
      const where = readInner(given, { entity: target, path }, inner)
      return where === null ? null : { kind: 'many', relation: relation.name, how: 'some', where }
    }
  }
  if (keys === null) {
    const message = `"${relation.name}" leads to many rows: say of how many the condition holds.`
    problems.report('CONDITION_PATH_TO_MANY', { path }, message, { hint: wayOut(given) })
    return null
  }
  if (keys.length === 0) {
    const hint = '`{ empty: false }` asks whether there is one.'
    problems.report('CONDITION_EMPTY', { path }, `This says nothing about "${relation.name}".`, { hint })
    return null
  }
  const tests = keys.map((key) => readTest(relation, key, given, { entity: target, path: [...path, key] }, inner))
  return contradicts(tests) ? refuseContradiction(relation, path, context) : all(tests)
}

function isCondition(given: unknown): boolean {
  return kindOf(given) === 'condition' || kindOf(given) === 'may'
}

function hasName(target: ConditionPlace['entity'], name: string): boolean {
  return [...target.fields, ...target.computed, ...target.relations].some((each) => each.name === name)
}

/** What the author may have meant by something that is no test of many rows. */
function wayOut(given: unknown): string {
  if (given === null) return 'Write { empty: true }.'
  if (kindOf(given) === 'may') return "Write { some: may('read') }."
  if (kindOf(given) === 'actorRef') return 'Write { some: { id: … } }.'
  return 'Write { some: … }, { none: … }, { every: … } or { empty: true }.'
}

function readTest(
  relation: OthersRelation,
  key: string,
  tests: unknown,
  { entity, path }: ConditionPlace,
  context: ConditionContext,
): ManyPath | null {
  const given = (tests as Readonly<Record<string, unknown>>)[key]
  const how = quantifiers.find((each) => each === key)
  if (how !== undefined) return readQuantified(relation, how, given, { entity, path }, context)
  if (key !== 'empty') return refuseWord(relation, key, { entity, path }, context)
  if (relation.kind === 'lineage') return refuseEmpty(relation, path, context)
  if (typeof given === 'boolean')
    return { kind: 'many', relation: relation.name, how: given ? 'none' : 'some', where: null }
  const hint = 'It asks whether there is any row at all.'
  context.problems.report('CONDITION_VALUE_INVALID', { path }, '"empty" is `true` or `false`.', { hint })
  return null
}

function readQuantified(
  relation: OthersRelation,
  how: ManyPath['how'],
  given: unknown,
  place: ConditionPlace,
  context: ConditionContext,
): ManyPath | null {
  if (isPlainObject(given) && kindOf(given) === null && Object.keys(given).length === 0) {
    const instead = { some: 'Write { empty: false }.', none: 'Write { empty: true }.', every: 'Leave it out.' }
    const message = `"${how}" says nothing about the rows of "${relation.name}".`
    context.problems.report('CONDITION_EMPTY', { path: place.path }, message, { hint: instead[how] })
    return null
  }
  const where = readInner(given, place, context)
  return where === null ? null : { kind: 'many', relation: relation.name, how, where }
}

function refuseWord(
  relation: OthersRelation,
  key: string,
  place: ConditionPlace,
  { problems }: ConditionContext,
): null {
  const at = { path: place.path, part: 'key' } as const
  const near = didYouMean(key, manyWords)
  const isName = key === 'id' || hasName(place.entity, key)
  if (near !== null && !isName) {
    const message = `There is no "${key}" of many rows.`
    problems.report('CONDITION_OPERATOR_INVALID', at, message, { hint: `Did you mean "${near}"?` })
    return null
  }
  const message = `"${relation.name}" leads to many rows: say of how many the condition holds.`
  const hint = isName
    ? `Write { some: { ${key}: … } }; none, every and empty are the others.`
    : 'Many rows know some, none, every and empty.'
  problems.report('CONDITION_PATH_TO_MANY', at, message, { hint })
  return null
}

function refuseEmpty({ name, by, way }: Lineage, path: ModelPath, { problems }: ConditionContext): null {
  const hint = way === 'up' ? `A root is { ${by}: null }.` : 'Rows right below are a `many` by the same relation.'
  const message = `"${name}" is never empty: the row itself is one of them.`
  problems.report('CONDITION_CONSTANT', { path, part: 'key' }, message, { hint })
  return null
}

/** That there are none, and that there is one. */
function contradicts(tests: readonly (ManyPath | null)[]): boolean {
  const isNone = tests.some((test) => test?.how === 'none' && test.where === null)
  return isNone && tests.some((test) => test?.how === 'some')
}

function refuseContradiction({ name }: OthersRelation, path: ModelPath, { problems }: ConditionContext): null {
  const hint = 'Keys side by side mean and: put alternatives into anyOf.'
  problems.report('CONDITION_CONSTANT', { path }, `No row has some "${name}" and none at once.`, { hint })
  return null
}
