import { innerScope, listRows, type TypeScope, typeOfExpression } from '../formula/type-of.ts'
import { valueTypeOf } from '../formula/value-type.ts'
import type { Condition } from '../model/condition.ts'
import type { Case, Expression, ListRead } from '../model/expression.ts'
import type { Entity, FieldType } from '../model/model.ts'
import type { LanguageName } from './run-code.ts'
import { writtenCondition } from './written-condition.ts'

/** A piece of a formula as an author would write it; it can be printed, and run. */
export type Code =
  /** The row that a function is given. */
  | { readonly kind: 'row'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Code; readonly name: string }
  | { readonly kind: 'constant'; readonly name: 'today' | 'nowAt' }
  | { readonly kind: 'call'; readonly name: LanguageName; readonly args: readonly Code[] }
  /** A function of a list. */
  | { readonly kind: 'method'; readonly of: Code; readonly name: string; readonly args: readonly Code[] }
  | { readonly kind: 'arrow'; readonly row: string; readonly body: Code }
  | { readonly kind: 'list'; readonly items: readonly Code[] }
  | { readonly kind: 'record'; readonly entries: readonly (readonly [string, Code])[] }
  /** Plain values and conditions. `isForced`: the types of the language expect an expression here, the language takes it. */
  | { readonly kind: 'data'; readonly value: unknown; readonly isForced: boolean }

/** What a formula is written about. */
export interface FormulaPlace {
  readonly entity: Entity
  readonly entities: ReadonlyMap<string, Entity>
}

/** A formula as a function of the row. */
export function arrowCode(expression: Expression, place: FormulaPlace): Code {
  const { nest, row } = outermost(place)
  return { kind: 'arrow', row, body: toCode(expression, nest, 'forced') }
}

/** A value for a case: a function of the row, or the value itself where it is written down. */
export function caseCode(expression: Expression, type: FieldType, place: FormulaPlace): Code {
  if (expression.kind !== 'literal') return arrowCode(expression, place)
  return data(literalValue(expression, formOf(valueTypeOf(type, { depth: 0, ones: [] })?.kind)))
}

/** A condition of a formula as plain data. */
export function conditionData(where: Condition, { entity, entities }: FormulaPlace): unknown {
  return writtenCondition(where, entity, { entities, caller: null })
}

/** The rows at hand, from the row of the formula to the innermost one, with the names that they are given. */
interface Nest {
  readonly entities: ReadonlyMap<string, Entity>
  readonly scopes: readonly TypeScope[]
  readonly rows: readonly string[]
}

/** How an exact number is written: the types of the language want one of these. `forced`: none, they want an expression. */
type Form = 'number' | 'digits' | 'bigint' | 'factor' | 'forced'

function outermost({ entity, entities }: FormulaPlace): { readonly nest: Nest; readonly row: string } {
  const row = rowName(entity.name, [])
  return { nest: { entities, scopes: [{ entity, list: null }], rows: [row] }, row }
}

/** `o` for an order; `o2` for one inside of a list where `o` is taken. */
function rowName(entity: string, taken: readonly string[]): string {
  const letter = entity.charAt(0).toLowerCase()
  const names = [letter, ...taken.map((_, index) => `${letter}${index + 2}`)]
  return names.find((name) => !taken.includes(name)) ?? letter
}

function data(value: unknown, isForced = false): Code {
  return { kind: 'data', value, isForced }
}

function call(name: LanguageName, ...args: readonly Code[]): Code {
  return { kind: 'call', name, args }
}

/** An expression; `form` is for one that is a number written down. */
function toCode(expression: Expression, nest: Nest, form: Form): Code {
  const of = (each: Expression): Code => toCode(each, nest, 'forced')
  switch (expression.kind) {
    case 'literal':
      return literalCode(expression, form)
    case 'field':
      return wayTo(expression, nest)
    case 'now':
      return { kind: 'constant', name: 'nowAt' }
    case 'today':
      return { kind: 'constant', name: 'today' }
    case 'call':
      return callCode(expression, nest)
    case 'round':
      return call('round', of(expression.value), data(expression.places))
    case 'left':
      return call('left', of(expression.value), data(expression.characters))
    case 'shift':
      return call('shift', of(expression.value), toCode(expression.by, nest, 'number'), data(expression.unit))
    case 'part':
      return call('part', of(expression.value), data(expression.of))
    case 'startOf': {
      const zone = expression.zone === null ? [] : [toCode(expression.zone, nest, 'number')]
      return call('startOf', of(expression.value), data(expression.of), ...zone)
    }
    case 'dayOf':
      return call('dayOf', of(expression.value), toCode(expression.zone, nest, 'number'))
    case 'condition':
      return call('test', rowAt(expression.up, nest), conditionCode(expression.where, expression.up, nest))
    case 'cases':
      return whenCode(expression, nest)
    case 'list':
      return listCode(expression, nest)
  }
}

/** A row that is not at hand, as a document may ask for, has no name: running the code says so. */
function rowAt(up: number, { rows }: Nest): Code {
  return { kind: 'row', name: rows[rows.length - 1 - up] ?? '' }
}

function wayTo({ up, path }: { readonly up: number; readonly path: readonly string[] }, nest: Nest): Code {
  return path.reduce<Code>((of, name) => ({ kind: 'member', of, name }), rowAt(up, nest))
}

function conditionCode(where: Condition, up: number, { scopes, entities }: Nest): Code {
  const entity = scopes[scopes.length - 1 - up]?.entity ?? scopes[0]!.entity
  return data(writtenCondition(where, entity, { entities, caller: null }))
}

function callCode({ name, args }: Extract<Expression, { kind: 'call' }>, nest: Nest): Code {
  const given = args.map((each, index) => toCode(each, nest, formOfArgument(name, index, args, nest)))
  return call(name, ...given)
}

function formOfArgument(name: string, index: number, args: readonly Expression[], nest: Nest): Form {
  if (name === 'concat') return 'number'
  if (index === 0) return 'forced'
  if (name === 'plus' || name === 'minus') return 'number'
  if (name === 'times' || name === 'dividedBy') return 'factor'
  if (name === 'greatest' || name === 'least' || name === 'coalesce') return formOfFirst(args, nest)
  return 'forced'
}

function whenCode({ up, cases, otherwise }: Extract<Expression, { kind: 'cases' }>, nest: Nest): Code {
  const values = [...cases.map((each: Case) => each.then), otherwise]
  const form = formOfFirst(values, nest)
  const items = cases.map(({ where, then }): Code => {
    const entries = [['if', conditionCode(where, up, nest)] as const, ['then', toCode(then, nest, form)] as const]
    return { kind: 'record', entries }
  })
  return call('when', rowAt(up, nest), { kind: 'list', items }, toCode(otherwise, nest, form))
}

/** The form of values beside the first expression, whose type they are of. */
function formOfFirst(values: readonly Expression[], nest: Nest): Form {
  const first = values.find(({ kind }) => kind !== 'literal')
  if (first === undefined) return 'forced'
  try {
    return formOf(typeOfExpression(first, nest).type.kind)
  } catch {
    // A document may hold what makes no sense; reading it says so.
    return 'number'
  }
}

function formOf(kind: string | undefined): Form {
  if (kind === 'money' || kind === 'decimal') return 'digits'
  return kind === 'int64' ? 'bigint' : 'number'
}

type Literal = Extract<Expression, { kind: 'literal' }>

function literalCode(literal: Literal, form: Form): Code {
  const value = literalValue(literal, form)
  const isNumber = literal.of === 'number'
  const isForced =
    form === 'forced' || literal.of === 'null' || (isNumber && form === 'number' && typeof value === 'string')
  return data(value, isForced)
}

/** A number as JavaScript says it where nothing is lost, else as its digits. */
function literalValue({ of, value }: Literal, form: Form): unknown {
  if (of !== 'number' || typeof value !== 'string') return value
  if (form === 'bigint' && /^-?\d+$/.test(value)) return BigInt(value)
  const isPlain =
    /^-?\d{1,15}$/.test(value) || (value.replace(/\D/g, '').length <= 15 && String(Number(value)) === value)
  return form !== 'digits' && isPlain && value !== '-0' ? Number(value) : value
}

function listCode(list: ListRead, nest: Nest): Code {
  const of = wayTo(list, nest)
  const inner = innerNest(list, nest)
  const where = list.where === null || inner === null ? null : conditionCode(list.where, 0, inner)
  const value = list.value === null || inner === null ? null : innerArrow(list.value, inner)
  const method = (...args: readonly (Code | null)[]): Code => ({
    kind: 'method',
    of,
    name: list.name,
    args: args.filter((each) => each !== null),
  })
  if (list.name === 'count' || list.name === 'exists') return method(where)
  if (list.name === 'join') return method(value ?? data(null, true), data(list.separator), where)
  if (list.name !== 'first') return method(value ?? data(null, true), where)
  const sort = data(list.sort.map(({ name, descending }) => (descending ? `-${name}` : name)))
  const options = [['sort', sort] as const, ...(where === null ? [] : [['where', where] as const])]
  return method(value ?? data(null, true), { kind: 'record', entries: options })
}

function innerArrow(value: Expression, inner: Nest): Code {
  return { kind: 'arrow', row: inner.rows.at(-1)!, body: toCode(value, inner, 'forced') }
}

/** With the row of a list; null where there is no such list: running the code says so before it comes to the row. */
function innerNest(list: ListRead, nest: Nest): Nest | null {
  try {
    const { entity, by } = listRows(list, nest)
    return {
      entities: nest.entities,
      scopes: [...nest.scopes, innerScope(list, entity, by)],
      rows: [...nest.rows, rowName(entity.name, nest.rows)],
    }
  } catch {
    return null
  }
}
