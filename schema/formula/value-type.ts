import type { FieldType } from '../model/model.ts'
import type { Range } from './range.ts'

/** What a value of a formula is, as far as functions care. */
export type ValueType =
  | {
      readonly kind: 'int' | 'int64' | 'decimal' | 'float' | 'boolean' | 'date' | 'datetime' | 'time' | 'uuid' | 'null'
    }
  /** `values`: one of these; null: any text. */
  | { readonly kind: 'text'; readonly values: readonly string[] | null }
  | { readonly kind: 'money'; readonly currency: Currency }

/** Where an amount's currency is said. Amounts are added only where it is the same. */
export type Currency =
  | { readonly kind: 'code'; readonly code: string }
  /** A field of the row at that depth (0: the row of the formula), through to-one relations. */
  | { readonly kind: 'field'; readonly depth: number; readonly path: readonly string[] }
  /** The app says nothing about it. */
  | { readonly kind: 'unsaid' }

/** A type, and what is known of its values. */
export interface Typed {
  readonly type: ValueType
  /** It is null where something is missing. */
  readonly optional: boolean
  /** It is null where a value would be out of range. */
  readonly beyond: boolean
  /** Of numbers and texts: what values there are. */
  readonly range: Range | null
}

/** True when the value may be null for whatever reason. */
export function mayBeNull({ optional, beyond }: Pick<Typed, 'optional' | 'beyond'>): boolean {
  return optional || beyond
}

/** Why a formula makes no sense. */
export class FormulaFault extends Error {
  readonly code: FormulaFaultCode
  readonly hint: string | null

  constructor(code: FormulaFaultCode, message: string, hint: string | null = null) {
    super(message)
    this.code = code
    this.hint = hint
  }
}

/** Codes of what is wrong inside of a formula. */
export type FormulaFaultCode =
  | 'FORMULA_TYPE_INVALID'
  | 'FORMULA_RANGE_LEFT'
  | 'FORMULA_MONEY_INVALID'
  | 'FORMULA_VALUE_FOREIGN'
  | 'FORMULA_RESULT_INVALID'
  | 'FORMULA_ZONE_UNKNOWN'
  | 'FORMULA_NAME_UNKNOWN'

/**
 * The type of a field's value; null for fields that formulas cannot read.
 *
 * @param at how many rows further in the row stands that has it, and the to-one relations on the way
 */
export function valueTypeOf(
  type: FieldType,
  at: { readonly depth: number; readonly ones: readonly string[] },
): ValueType | null {
  if (type.kind === 'text') return { kind: 'text', values: null }
  if (type.kind === 'choice') return { kind: 'text', values: type.values.map(({ value }) => value) }
  if (type.kind === 'duration') return { kind: 'int' }
  if (type.kind === 'money') return { kind: 'money', currency: currencyOf(type, at) }
  return isPlain(type) ? { kind: type.kind } : null
}

type PlainKind = Exclude<ValueType['kind'], 'text' | 'money' | 'null'>

const plainKinds: readonly string[] = [
  'int',
  'int64',
  'decimal',
  'float',
  'boolean',
  'date',
  'datetime',
  'time',
  'uuid',
] satisfies PlainKind[]

function isPlain(type: FieldType): type is Extract<FieldType, { readonly kind: PlainKind }> {
  return plainKinds.includes(type.kind)
}

function currencyOf(
  type: Extract<FieldType, { readonly kind: 'money' }>,
  at: { readonly depth: number; readonly ones: readonly string[] },
): Currency {
  if (type.currency !== null) return { kind: 'code', code: type.currency }
  if (type.in === null) return { kind: 'unsaid' }
  return { kind: 'field', depth: at.depth, path: [...at.ones, ...type.in.split('.')] }
}

/** How messages call a type. */
export function describeType({ type, optional }: Pick<Typed, 'type' | 'optional'>): string {
  const or = optional && type.kind !== 'null' ? ' or null' : ''
  if (type.kind === 'money') return `${describeCurrency(type.currency)}${or}`
  return `${names[type.kind]}${or}`
}

const names: Readonly<Record<Exclude<ValueType['kind'], 'money'>, string>> = {
  int: 'a whole number',
  int64: 'a whole number of 64 bits',
  decimal: 'a decimal',
  float: 'a floating-point number',
  boolean: 'true or false',
  date: 'a day',
  datetime: 'an instant',
  time: 'a time of day',
  uuid: 'an id',
  null: 'null',
  text: 'a text',
}

/** `money in EUR`, `money in the currency of "order.currency"`. */
export function describeCurrency(currency: Currency): string {
  if (currency.kind === 'code') return `money in ${currency.code}`
  if (currency.kind === 'unsaid') return 'money'
  return `money in the currency of "${currency.path.join('.')}"`
}

/** True for amounts that may be added. */
export function isSameCurrency(a: Currency, b: Currency): boolean {
  if (a.kind === 'code' && b.kind === 'code') return a.code === b.code
  if (a.kind === 'field' && b.kind === 'field') return a.depth === b.depth && a.path.join() === b.path.join()
  return a.kind === b.kind
}
