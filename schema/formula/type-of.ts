import type { Case, Expression, FunctionCall, ListRead } from '../model/expression.ts'
import type { Entity, Relation } from '../model/model.ts'
import { typeOfCall } from './type-of-call.ts'
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
}

/**
 * The type of an expression, and whether it may be null.
 *
 * @throws FormulaFault when a function does not know what to do with its arguments
 */
export function typeOfExpression(expression: Expression, context: TypeContext): Typed {
  const of = (each: Expression): Typed => typeOfExpression(each, context)
  switch (expression.kind) {
    case 'literal':
      return typeOfLiteral(expression)
    case 'field':
      return typeOfField(expression, context)
    case 'now':
      return required({ kind: 'datetime' })
    case 'today':
      return required({ kind: 'date' })
    case 'call':
      return typeOfCall(expression.name, typesOfArguments(expression, expression.args.map(of)))
    case 'round':
      return numberOnly('round', of(expression.value))
    case 'left':
      return { type: { kind: 'text', values: null }, optional: only('left', of(expression.value), ['text']).optional }
    case 'shift':
      return typeOfShift(expression.unit, of(expression.value), of(expression.by))
    case 'part':
      return typeOfPart(expression.of, of(expression.value))
    case 'startOf':
      return only('startOf', of(expression.value), ['date', 'datetime'])
    case 'dayOf':
      return { type: { kind: 'date' }, optional: only('dayOf', of(expression.value), ['datetime']).optional }
    case 'condition':
      return required({ kind: 'boolean' })
    case 'cases':
      return typeOfCases(expression.cases, expression.otherwise, of)
    case 'list':
      return typeOfList(expression, context)
  }
}

function required(type: ValueType): Typed {
  return { type, optional: false }
}

function typeOfLiteral({ of, value }: Extract<Expression, { kind: 'literal' }>): Typed {
  if (of === 'null') return { type: { kind: 'null' }, optional: true }
  if (of === 'text') return required({ kind: 'text', values: [String(value)] })
  if (of !== 'number') return required({ kind: of })
  return required({ kind: /^-?\d+$/.test(String(value)) ? 'int' : 'decimal' })
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
  return typed.map((each, index) => (isNumber(index) ? { type: met.type, optional: false } : each))
}

function typeOfField({ up, path }: Extract<Expression, { kind: 'field' }>, context: TypeContext): Typed {
  const depth = context.scopes.length - 1 - up
  const walked = walk(context.scopes[depth]!.entity, path.slice(0, -1), context)
  const name = path.at(-1)!
  const fields = [...walked.entity.fields, ...walked.entity.computed]
  const field = fields.find((each) => each.name === name)
  if (field === undefined) throw new FormulaFault('FORMULA_NAME_UNKNOWN', `"${walked.entity.name}" has no "${name}".`)
  const type = valueTypeOf(field.type, { depth, path })
  if (type === null) {
    const message = `Formulas cannot read "${name}": it is no single value.`
    throw new FormulaFault('FORMULA_TYPE_INVALID', message)
  }
  return { type: outermost(type, context), optional: walked.optional || field.optional }
}

interface Walked {
  readonly entity: Entity
  readonly optional: boolean
}

/** Follows to-one relations. What is not there makes everything behind it null. */
function walk(from: Entity, path: readonly string[], { entities }: TypeContext): Walked {
  return path.reduce<Walked>(
    ({ entity, optional }, name) => {
      const relation = relationOf(entity, name)
      const target = entities.get(relation.to)
      if (target === undefined) throw new FormulaFault('FORMULA_NAME_UNKNOWN', `There is no "${relation.to}".`)
      // A target may be removed while the row stays: formulas see live rows only.
      const mayLack = relation.kind !== 'one' || relation.optional || relation.onRemove === 'keep'
      return { entity: target, optional: optional || mayLack }
    },
    { entity: from, optional: false },
  )
}

function relationOf(entity: Entity, name: string): Exclude<Relation, { readonly kind: 'oneOf' }> {
  const relation = entity.relations.find((each) => each.name === name)
  if (relation === undefined || relation.kind === 'oneOf')
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

function typeOfShift(unit: string, value: Typed, by: Typed): Typed {
  only('shift', value, unit === 'minutes' || unit === 'hours' ? ['datetime'] : ['date', 'datetime'])
  only('shift', by, ['int'])
  return { type: value.type, optional: value.optional || by.optional }
}

function typeOfPart(of: string, value: Typed): Typed {
  only('part', value, of === 'hour' ? ['datetime'] : ['date', 'datetime'])
  return { type: { kind: 'int' }, optional: value.optional }
}

function typeOfCases(cases: readonly Case[], otherwise: Expression, of: (each: Expression) => Typed): Typed {
  const values = [...cases.map((each) => each.then), otherwise]
  const typed = adopted(values, values.map(of))
  const { type } = typeOfCall('greatest', typed, 'when')
  return { type, optional: typed.some(({ optional }) => optional) }
}

function typeOfList(list: ListRead, context: TypeContext): Typed {
  const { entity, by } = listRows(list, context)
  const inner = { ...context, scopes: [...context.scopes, innerScope(list, entity, by)] }
  const value = list.value === null ? null : typeOfExpression(list.value, inner)
  switch (list.name) {
    case 'count':
    case 'countDistinct':
      return required({ kind: 'int' })
    case 'exists':
      return required({ kind: 'boolean' })
    case 'join':
      only('join', value!, ['text'])
      return required({ kind: 'text', values: null })
    case 'sum':
      return required(leaving(numberOnly('sum', value!).type, context, list.name))
    case 'average': {
      const { type } = numberOnly('average', value!)
      return { type: type.kind === 'money' ? leaving(type, context, list.name) : { kind: 'decimal' }, optional: true }
    }
    case 'min':
    case 'max':
      if (value!.type.kind === 'boolean' || value!.type.kind === 'uuid') only(list.name, value!, ['text'])
      return { type: leaving(value!.type, context, list.name), optional: true }
    case 'first':
      return { type: leaving(value!.type, context, list.name), optional: true }
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
