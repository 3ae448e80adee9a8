import { didYouMean } from '#base'
import { type ActorRefDeclaration, kindOf, type MomentDeclaration, type MoneyDeclaration } from '../dsl/declaration.ts'
import type { Comparison, Condition, Operator } from '../model/condition.ts'
import type { Field, FieldType, ModelPath } from '../model/model.ts'
import { isNativeList, isStructured } from '../values/is-native-list.ts'
import { readActorComparison } from './condition-actor.ts'
import { all, type ConditionContext } from './condition-context.ts'
import { isListOperator, readListTest } from './condition-list.ts'
import { readMomentComparison } from './condition-moment.ts'
import { isReference } from './condition-reference.ts'
import { readRowComparison } from './condition-row.ts'
import { isPlainObject } from './options.ts'
import { readScalar } from './scalar.ts'
import { undefinedHint } from './undefined-hint.ts'

/** A field or computed field. */
type TestedField = Pick<Field, 'name' | 'type'>

/** Reads a value, null, or `{ atLeast: 1, under: 5 }` for a field. */
export function readFieldTests(
  field: TestedField,
  given: unknown,
  path: ModelPath,
  context: ConditionContext,
): Condition | null {
  if (!isPlainObject(given)) return compareWhole(field, given, path, context)
  const keys = Object.keys(given)
  if (keys.length === 0) {
    context.problems.report('CONDITION_EMPTY', { path }, `This says nothing about "${field.name}".`)
    return null
  }
  return all(keys.map((key) => readTest(field, key, given[key], [...path, key], context)))
}

function readTest(field: TestedField, key: string, given: unknown, path: ModelPath, context: ConditionContext) {
  const known = operatorsOf(field.type)
  const op = known.get(key)
  if (op === undefined) {
    const exists = [...everyOperator].includes(key)
    const near = didYouMean(key, [...known.keys()])
    const hint = near === null ? `"${field.name}" knows ${[...known.keys()].join(', ')}.` : `Did you mean "${near}"?`
    const message = exists ? `"${key}" does not fit "${field.name}".` : `There is no comparison "${key}".`
    context.problems.report('CONDITION_OPERATOR_INVALID', { path, part: 'key' }, message, { hint })
    return null
  }
  if (isListOperator(op)) return readListTest(field, op, given, path, context)
  if (isStructured(field.type) && given !== null) return compareWhole(field, given, path, context)
  if (op === 'in' || op === 'notIn') return compareList(field, op, given, path, context)
  if (given === null && op !== 'is' && op !== 'isNot') {
    const hint = 'A comparison with null is false. `{ is: null }` and `{ isNot: null }` ask whether there is a value.'
    context.problems.report('CONDITION_OPERATOR_INVALID', { path }, `Nothing is "${key}" null.`, { hint })
    return null
  }
  return compare(field, op, given, path, context)
}

/** Without a test in front. What has parts or elements is never compared as a whole, but for null. */
function compareWhole(
  field: TestedField,
  given: unknown,
  path: ModelPath,
  context: ConditionContext,
): Condition | null {
  if (given === null || !isStructured(field.type)) return compare(field, 'is', given, path, context)
  const tests = [...operatorsOf(field.type).keys()].join(', ')
  const message = `"${field.name}" is not compared as a whole.`
  context.problems.report('CONDITION_VALUE_INVALID', { path }, message, {
    hint: `Ask whether it is null${tests === 'is, isNot' ? '.' : `, or use ${tests}.`}`,
  })
  return null
}

const equality = ['is', 'isNot', 'in', 'notIn'] as const
const order = ['under', 'atMost', 'over', 'atLeast'] as const
const parts = ['startsWith', 'contains', 'endsWith'] as const
const ofLists = ['has', 'hasAny', 'hasAll', 'empty'] as const
const spans = ['covers', 'overlaps', 'endsBefore', 'startsAfter'] as const
const everyOperator = [...equality, ...order, ...parts, ...ofLists, ...spans, 'before', 'after']

/** What an author may write for a type, with the operator that it means. */
export function operatorsOf(type: FieldType): ReadonlyMap<string, Operator> {
  const same = (names: readonly Operator[]) => names.map((name): [string, Operator] => [name, name])
  switch (type.kind) {
    case 'text':
      return new Map(same([...equality, ...parts]))
    case 'choice':
    case 'boolean':
    case 'uuid':
      return new Map(same(equality))
    case 'datetime':
    case 'date':
    case 'time':
      return new Map([...same([...equality, ...order]), ['before', 'under'], ['after', 'over']])
    case 'int':
    case 'int64':
    case 'float':
    case 'decimal':
    case 'money':
    case 'duration':
      return new Map(same([...equality, ...order]))
    case 'list':
      return new Map(
        same(['is', 'isNot', ...(isNativeList(type) && type.of.kind !== 'base64' ? ofLists : (['empty'] as const))]),
      )
    case 'dict':
    case 'base64':
      return new Map(same(['is', 'isNot', 'empty']))
    case 'shape':
    case 'secret':
      return new Map(same(['is', 'isNot']))
    case 'period':
      return new Map(same(['is', 'isNot', ...spans]))
    case 'embed':
      return new Map()
  }
}

function compare(
  field: TestedField,
  op: Operator,
  given: unknown,
  path: ModelPath,
  context: ConditionContext,
): Condition | null {
  const type = comparedType(field.type, op)
  if (kindOf(given) === 'actorRef')
    return readActorComparison({ on: field.name, op, type }, given as ActorRefDeclaration, path, context)
  if (isReference(given)) {
    const comparedAs = op === 'is' || op === 'isNot' ? field.type : type
    return readRowComparison({ field, type: comparedAs, op }, given, path, context)
  }
  if (kindOf(given) === 'moment')
    return readMomentComparison({ field, type, op }, given as MomentDeclaration, path, context)
  if (given === null) return { kind: 'compare', on: field.name, op, to: { kind: 'value', value: null } }
  const value = field.type.kind === 'period' && (op === 'is' || op === 'isNot') ? noPeriod : readScalar(type, given)
  if (!value.ok) {
    reportValue(field, given, value.wanted, path, context)
    return null
  }
  const amount: Comparison = { kind: 'compare', on: field.name, op, to: { kind: 'value', value: value.value } }
  const isFar =
    field.type.kind === 'money' && field.type.in !== null && currencyWay(field.name, field.type.in).length > 1
  if (isFar && !context.isAcrossRows && kindOf(given) === 'money') {
    const message = `The currency of "${field.name}" stands in another row; a condition inside of an entity looks at the row alone.`
    context.problems.report('CONDITION_VALUE_INVALID', { path }, message, { hint: 'Write the digits alone.' })
    return null
  }
  return withCurrency(field, amount, given)
}

/** Periods are compared with a day or an instant, but overlap a period. */
function comparedType(type: FieldType, op: Operator): FieldType {
  return type.kind === 'period' && op !== 'overlaps' ? { kind: type.of } : type
}

const noPeriod = { ok: false, wanted: 'null, or by covers, overlaps, endsBefore and startsAfter' } as const

/** The way to the currency of an amount; one that stands beside it in a value object is of the row itself. */
function currencyWay(amount: string, currency: string): readonly string[] {
  const object = amount.slice(0, amount.lastIndexOf('.') + 1)
  return object !== '' && currency.startsWith(object) ? [currency] : currency.split('.')
}

/** Where each row has its own currency, `usd('5')` also means that the row is in dollars. */
function withCurrency(field: TestedField, amount: Comparison, given: unknown): Condition {
  if (field.type.kind !== 'money' || field.type.in === null || kindOf(given) !== 'money') return amount
  const { currency } = given as MoneyDeclaration
  const to = { kind: 'value', value: currency } as const
  const way = currencyWay(field.name, field.type.in)
  const isCurrency = way.slice(0, -1).reduceRight<Condition>((where, relation) => ({ kind: 'path', relation, where }), {
    kind: 'compare',
    on: way.at(-1)!,
    op: 'is',
    to,
  })
  if (amount.op !== 'isNot') return { kind: 'and', all: [isCurrency, amount] }
  // The exact complement of "is five dollars".
  return { kind: 'not', not: { kind: 'and', all: [isCurrency, { ...amount, op: 'is' }] } }
}

function compareList(
  field: TestedField,
  op: 'in' | 'notIn',
  given: unknown,
  path: ModelPath,
  context: ConditionContext,
) {
  if (kindOf(given) === 'actorRef')
    return readActorComparison({ on: field.name, op, type: field.type }, given as ActorRefDeclaration, path, context)
  if (!Array.isArray(given)) {
    const message = `"${op}" needs a list of values.`
    context.problems.report('CONDITION_VALUE_INVALID', { path }, message)
    return null
  }
  if (given.length === 0) {
    context.problems.report('CONDITION_EMPTY', { path }, `The list of "${op}" is empty.`)
    return null
  }
  const hasAmounts =
    field.type.kind === 'money' && field.type.in !== null && given.some((each) => kindOf(each) === 'money')
  if (hasAmounts) {
    const hint = '`anyOf: [{ … }, { … }]` takes one amount each.'
    context.problems.report('CONDITION_VALUE_INVALID', { path }, `"${field.name}" has a currency in each row.`, {
      hint,
    })
    return null
  }
  const values = given.map((each: unknown, index) => {
    const value = readScalar(field.type, each)
    if (value.ok) return value.value
    reportValue(field, each, value.wanted, [...path, index], context)
    return null
  })
  const sound = values.filter((value) => value !== null)
  if (sound.length !== values.length) return null
  return { kind: 'compare', on: field.name, op, to: { kind: 'list', values: sound } } as const
}

function reportValue(
  field: TestedField,
  given: unknown,
  wanted: string,
  path: ModelPath,
  context: ConditionContext,
): void {
  const known = field.type.kind === 'choice' ? field.type.values.map(({ value }) => value) : []
  const near = typeof given === 'string' ? didYouMean(given, known) : null
  const hint = near === null ? undefinedHint(given, context) : `Did you mean "${near}"?`
  context.problems.report('CONDITION_VALUE_INVALID', { path }, `"${field.name}" is compared with ${wanted}.`, { hint })
}
