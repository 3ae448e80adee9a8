import type { Condition } from '../model/condition.ts'
import { type Case, divisionDigits, type Expression, type FunctionCall, type ListRead } from '../model/expression.ts'
import type { Computed, Entity, Field, Relation } from '../model/model.ts'
import { heldTyped } from './held-typed.ts'
import {
  hull,
  isTooLong,
  joinedCharacters,
  type Range,
  rangeOfCount,
  rangeOfField,
  rangeOfNumber,
  rangeOfSum,
  rangeOfTexts,
  roundedRange,
  upTo,
} from './range.ts'
import { readAt } from './read-at.ts'
import { typeOfCall, typeOfChoice } from './type-of-call.ts'
import { namesBeyond } from './uncertain.ts'
import { type Currency, describeType, FormulaFault, type Typed, type ValueType, valueTypeOf } from './value-type.ts'

/** A row that an expression may speak of; the last one of a list is the row that it is about. */
export interface TypeScope {
  readonly entity: Entity
  /** Set on a row of a list: how many rows to go out to whose list it is, the way there, and the list's way back. */
  readonly list: { readonly up: number; readonly path: readonly string[]; readonly by: string | null } | null
}

/** What an expression is read against. */
export interface TypeContext {
  readonly entities: ReadonlyMap<string, Entity>
  /** From the row of the formula to the innermost row. */
  readonly scopes: readonly TypeScope[]
  /** Computed fields on the way here, so that those which follow from themselves come to an end. */
  readonly way?: readonly Computed[]
}

/**
 * The type of an expression, whether it may be null, and what values it has.
 *
 * @throws FormulaFault when a function does not know what to do with its arguments
 */
export function typeOfExpression(expression: Expression, context: TypeContext): Typed {
  const typed = typeOfPlain(expression, context)
  if (typed.range === null || !isTooLong(typed.range)) return typed
  const message = 'This could have more digits than can be counted with.'
  throw new FormulaFault('FORMULA_RANGE_LEFT', message, 'Limit it on the way: least(…, …), round(…, …).')
}

function typeOfPlain(expression: Expression, context: TypeContext): Typed {
  const of = (each: Expression): Typed => typeOfExpression(each, context)
  switch (expression.kind) {
    case 'literal':
      return typeOfLiteral(expression)
    case 'field':
      return typeOfField(expression, context)
    case 'now':
      return sure({ kind: 'datetime' })
    case 'today':
      return sure({ kind: 'date' })
    case 'call':
      return typeOfCall(expression.name, typesOfArguments(expression, expression.args.map(of)))
    case 'round': {
      const value = numberOnly('round', of(expression.value))
      return { ...value, range: roundedRange(value.range, expression.places) }
    }
    case 'left':
      return {
        ...only('left', of(expression.value), ['text']),
        type: { kind: 'text', values: null },
        range: upTo(BigInt(expression.characters)),
      }
    case 'shift':
      return typeOfShift(expression.unit, of(expression.value), of(expression.by))
    case 'part':
      return typeOfMomentPart(expression.of, of(expression.value))
    case 'startOf':
      return only('startOf', of(expression.value), ['date', 'datetime'])
    case 'dayOf':
      return { ...only('dayOf', of(expression.value), ['datetime']), type: { kind: 'date' } }
    case 'condition': {
      const { entity } = context.scopes[context.scopes.length - 1 - expression.up]!
      return { ...sure({ kind: 'boolean' }), beyond: isUncertain(expression.where, entity, context) }
    }
    case 'cases':
      return typeOfCases(expression, of, context)
    case 'list':
      return typeOfList(expression, context)
  }
}

function sure(type: ValueType, range: Range | null = null): Typed {
  return { type, optional: false, beyond: false, range }
}

function typeOfLiteral({ of, value }: Extract<Expression, { kind: 'literal' }>): Typed {
  if (of === 'null') return { ...sure({ kind: 'null' }), optional: true }
  const text = String(value)
  if (of === 'text') return sure({ kind: 'text', values: [text] }, rangeOfTexts([text]))
  if (of !== 'number') return sure({ kind: of })
  return sure({ kind: /^-?\d+$/.test(text) ? 'int' : 'decimal' }, rangeOfNumber(text))
}

/** An amount is multiplied and divided by plain numbers. */
function typesOfArguments({ name, args }: FunctionCall, typed: readonly Typed[]): readonly Typed[] {
  return name === 'times' || name === 'dividedBy' ? typed : adopted(args, typed)
}

/** A number that is written down is of the kind that it meets: `plus(o.total, 5)` is an amount. */
function adopted(values: readonly Expression[], typed: readonly Typed[]): readonly Typed[] {
  const isNumber = (index: number) => values[index]!.kind === 'literal' && values[index]!.of === 'number'
  const met = typed.find((each, index) => !isNumber(index) && each.type.kind !== 'null')
  if (met === undefined || !['int', 'int64', 'decimal', 'float', 'money'].includes(met.type.kind)) return typed
  return typed.map((each, index) => (isNumber(index) ? { ...each, type: met.type } : each))
}

function typeOfField({ up, path }: Extract<Expression, { kind: 'field' }>, context: TypeContext): Typed {
  const depth = context.scopes.length - 1 - up
  const read = readAt(context.scopes[depth]!.entity, path, context.entities)
  const walked = walk(context.scopes[depth]!.entity, read.ones, context)
  if (read.computed !== null) return typeOfComputed(read.computed, read.ones, depth, walked, context)
  const type = valueTypeOf(read.field.type, { depth, ones: read.ones })
  if (type === null) throw noSingleValue(path.at(-1)!, read.field, walked.entity)
  const isChecked = walked.entity.source.kind !== 'adopted'
  const isMoment = type.kind === 'date' || type.kind === 'datetime'
  return {
    type: outermost(type, context),
    optional: walked.optional || read.field.optional,
    // A table that was there before may hold days that the calendar of the language has not, and numbers of any length.
    beyond:
      walked.beyond || (isMoment && !isChecked) || (type.kind === 'decimal' && read.field.columnType === 'numeric'),
    range: rangeOfField(read.field, isChecked),
  }
}

function noSingleValue(name: string, { type }: Field, entity: Entity): FormulaFault {
  const message = `Formulas cannot read "${name}": it is no single value.`
  const hint = type.kind === 'period' ? `Read an end of it: ${name}.from or ${name}.to.` : null
  return new FormulaFault('FORMULA_TYPE_INVALID', message, hint ?? `Ask for it in a condition on "${entity.name}".`)
}

/** What it gives, in the range of its own type; one that follows from itself is reported elsewhere. */
function typeOfComputed(
  computed: Computed,
  ones: readonly string[],
  depth: number,
  walked: Walked,
  context: TypeContext,
): Typed {
  const type = outermost(valueTypeOf(computed.type, { depth, ones }) ?? { kind: 'null' }, context)
  const held = typeOfHeld(computed, walked.entity, context)
  const optional = walked.optional || held.optional || (computed.optional && !held.beyond)
  return { type, optional, beyond: walked.beyond || held.beyond, range: held.range }
}

function isUncertain(condition: Condition, entity: Entity, context: TypeContext): boolean {
  const isBeyond = (computed: Computed, of: Entity) => typeOfHeld(computed, of, context).beyond
  return namesBeyond(condition, entity, { entities: context.entities, isBeyond })
}

/** What a computed field gives, in the range of its own type. */
export function typeOfHeld(computed: Computed, entity: Entity, context: Omit<TypeContext, 'scopes'>): Typed {
  const way = context.way ?? []
  const { expression } = computed
  const isMissing = expression.kind === 'literal' && expression.of === 'null'
  // What follows from itself, or has no formula (yet), is reported elsewhere.
  if (isMissing || way.includes(computed)) return { ...sure({ kind: 'null' }), optional: computed.optional }
  const inside: TypeContext = {
    entities: context.entities,
    scopes: [{ entity, list: null }],
    way: [...way, computed],
  }
  return heldTyped(typeOfExpression(expression, inside), computed.type)
}

interface Walked {
  readonly entity: Entity
  readonly optional: boolean
  readonly beyond: boolean
}

/** Follows to-one relations. What is not there makes everything behind it null. */
function walk(from: Entity, path: readonly string[], { entities }: TypeContext): Walked {
  return path.reduce<Walked>(
    ({ entity, optional, beyond }, name) => {
      const relation = relationOf(entity, name)
      const target = entities.get(relation.to)
      if (target === undefined) throw new FormulaFault('FORMULA_NAME_UNKNOWN', `There is no "${relation.to}".`)
      // A target may be removed while the row stays: formulas see live rows only.
      const mayLack = relation.kind !== 'one' || relation.optional || relation.onRemove === 'keep'
      return { entity: target, optional: optional || mayLack, beyond }
    },
    { entity: from, optional: false, beyond: false },
  )
}

function relationOf(entity: Entity, name: string): Exclude<Relation, { readonly kind: 'oneOf' | 'lineage' }> {
  const relation = entity.relations.find((each) => each.name === name)
  if (relation === undefined || relation.kind === 'oneOf' || relation.kind === 'lineage')
    throw new FormulaFault('FORMULA_NAME_UNKNOWN', `"${entity.name}" has no "${name}".`)
  return relation
}

/** The currency of a row of a list, said by the row that has the list: `l.order.currency` is `o.currency`. */
function outermost(type: ValueType, context: TypeContext): ValueType {
  if (type.kind !== 'money') return type
  let { currency } = type
  while (currency.kind === 'field') {
    const list = context.scopes[currency.depth]?.list
    if (list == null || list.by === null || currency.path[0] !== list.by) break
    currency = { kind: 'field', depth: currency.depth - 1 - list.up, path: [...list.path, ...currency.path.slice(1)] }
  }
  return { kind: 'money', currency }
}

/** Refuses anything but these kinds. */
function only(name: string, value: Typed, kinds: readonly ValueType['kind'][]): Typed {
  if (kinds.includes(value.type.kind)) return value
  throw new FormulaFault('FORMULA_TYPE_INVALID', `"${name}" does not take ${describeType(value)}.`)
}

function numberOnly(name: string, value: Typed): Typed {
  return only(name, value, ['int', 'int64', 'decimal', 'float', 'money'])
}

/** Nobody knows whether the calendar goes so far. */
function typeOfShift(unit: string, value: Typed, by: Typed): Typed {
  only('shift', value, unit === 'minutes' || unit === 'hours' ? ['datetime'] : ['date', 'datetime'])
  only('shift', by, ['int'])
  return { type: value.type, optional: value.optional || by.optional, beyond: true, range: null }
}

function typeOfMomentPart(of: string, value: Typed): Typed {
  const { optional, beyond } = only('part', value, of === 'hour' ? ['datetime'] : ['date', 'datetime'])
  return { type: { kind: 'int' }, optional, beyond, range: upTo(9999n) }
}

function typeOfCases(
  { cases, otherwise, up }: Extract<Expression, { kind: 'cases' }>,
  of: (each: Expression) => Typed,
  context: TypeContext,
): Typed {
  const values = [...cases.map((each) => each.then), otherwise]
  const typed = adopted(values, values.map(of))
  const { entity } = context.scopes[context.scopes.length - 1 - up]!
  return {
    type: typeOfChoice(typed),
    optional: typed.some(({ optional }) => optional),
    beyond: typed.some(({ beyond }) => beyond) || cases.some(({ where }: Case) => isUncertain(where, entity, context)),
    range: hull(typed.map(({ range }) => range)),
  }
}

/** What a value of a list does to the whole: the list is beyond where a row may belong to it or not, or has a value that is. */
function typeOfList(list: ListRead, context: TypeContext): Typed {
  const { entity, by } = listRows(list, context)
  const inner = { ...context, scopes: [...context.scopes, innerScope(list, entity, by)] }
  const value = list.value === null ? null : typeOfExpression(list.value, inner)
  const isUnclear = list.where !== null && isUncertain(list.where, entity, context)
  const isSpoilt = value !== null && (list.name === 'first' ? value.beyond : spoils(value))
  return { ...typeOfRows(list, value, context), beyond: isUnclear || isSpoilt }
}

/** True when a null among the values of a list can only mean that it is out of range. Else nulls are left out, as always. */
export function spoils({ optional, beyond }: Pick<Typed, 'optional' | 'beyond'>): boolean {
  return beyond && !optional
}

function typeOfRows(list: ListRead, value: Typed | null, context: TypeContext): Typed {
  switch (list.name) {
    case 'count':
    case 'countDistinct':
      return sure({ kind: 'int' }, rangeOfCount)
    case 'exists':
      return sure({ kind: 'boolean' })
    case 'join':
      only('join', value!, ['text'])
      return sure({ kind: 'text', values: null }, upTo(BigInt(joinedCharacters)))
    case 'sum': {
      const { type, range } = numberOnly('sum', value!)
      return sure(leaving(type, context, list.name), range === null ? null : rangeOfSum(range))
    }
    case 'average': {
      const { type, range } = numberOnly('average', value!)
      const average = type.kind === 'money' ? leaving(type, context, list.name) : ({ kind: 'decimal' } as const)
      return { ...sure(average, range === null ? null : { ...range, scale: divisionDigits }), optional: true }
    }
    case 'min':
    case 'max':
      if (value!.type.kind === 'boolean' || value!.type.kind === 'uuid') only(list.name, value!, ['text'])
      return { ...sure(leaving(value!.type, context, list.name), value!.range), optional: true }
    case 'first':
      return { ...sure(leaving(value!.type, context, list.name), value!.range), optional: true }
  }
}

/** The entity of a list's rows, and the to-one that leads back; null for a list through rows in between. */
export function listRows(
  list: Pick<ListRead, 'up' | 'path'>,
  context: TypeContext,
): { readonly entity: Entity; readonly by: string | null } {
  const { entity } = walk(context.scopes[context.scopes.length - 1 - list.up]!.entity, list.path.slice(0, -1), context)
  const relation = relationOf(entity, list.path.at(-1)!)
  const target = context.entities.get(relation.to)
  if (target === undefined) throw new FormulaFault('FORMULA_NAME_UNKNOWN', `There is no "${relation.to}".`)
  return { entity: target, by: relation.kind === 'many' ? relation.by : null }
}

/** The scope of a list's rows, to stand behind those of the list itself. */
export function innerScope(list: Pick<ListRead, 'up' | 'path'>, entity: Entity, by: string | null): TypeScope {
  return { entity, list: { up: list.up, path: list.path.slice(0, -1), by } }
}

/** An amount that leaves a list must not depend on the row of the list for its currency. */
function leaving(type: ValueType, context: TypeContext, name: string): ValueType {
  if (type.kind !== 'money' || isOutside(type.currency, context)) return type
  const path = type.currency.kind === 'field' ? type.currency.path.join('.') : ''
  const hint = `Let the amounts say the currency of the row that has the list, as in money({ in: 'order.currency' }).`
  const message = `"${name}" would mix currencies: each row of the list has its own "${path}".`
  throw new FormulaFault('FORMULA_MONEY_INVALID', message, hint)
}

function isOutside(currency: Currency, { scopes }: TypeContext): boolean {
  return currency.kind !== 'field' || currency.depth < scopes.length
}
