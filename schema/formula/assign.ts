import type { FieldType } from '../model/model.ts'
import { heldTyped } from './held-typed.ts'
import { describeType, isSameCurrency, type Typed, type ValueType, valueTypeOf } from './value-type.ts'

/** Why a formula does not give what was declared. */
export interface Mismatch {
  readonly code: 'FORMULA_TYPE_INVALID' | 'FORMULA_MONEY_INVALID' | 'FORMULA_RANGE_LEFT'
  readonly wanted: string
  readonly hint: string | null
}

/** Null when what a formula gives is what was declared; a declared null that never comes does no harm. */
export function isAssignable(
  declared: { readonly type: FieldType; readonly optional: boolean },
  given: Typed,
): Mismatch | null {
  const type = valueTypeOf(declared.type, { depth: 0, ones: [] })
  if (type === null) return { code: 'FORMULA_TYPE_INVALID', wanted: 'a value that formulas cannot make', hint: null }
  const wanted = { type, optional: declared.optional }
  if (given.optional && !declared.optional) {
    const hint = 'Say `optional: true`, or give a value for null: coalesce(…, …).'
    return { code: 'FORMULA_TYPE_INVALID', wanted: describeType(wanted), hint }
  }
  if (type.kind === 'money' && given.type.kind === 'money' && !fitsCurrency(type, given.type))
    return { code: 'FORMULA_MONEY_INVALID', wanted: describeType(wanted), hint: 'Only the same currency fits.' }
  if (fits(type, given.type)) return null
  return { code: 'FORMULA_TYPE_INVALID', wanted: describeType(wanted), hint: hintFor(type, given.type) }
}

type MoneyType = Extract<ValueType, { readonly kind: 'money' }>

function fitsCurrency(wanted: MoneyType, given: MoneyType): boolean {
  return wanted.currency.kind === 'unsaid' || isSameCurrency(wanted.currency, given.currency)
}

function fits(wanted: ValueType, given: ValueType): boolean {
  if (given.kind === 'null') return true
  if (wanted.kind === 'text' && given.kind === 'text') {
    if (wanted.values === null) return true
    return given.values?.every((each) => wanted.values!.includes(each)) ?? false
  }
  // Every whole number is one of 64 bits.
  return wanted.kind === given.kind || (wanted.kind === 'int64' && given.kind === 'int')
}

function hintFor(wanted: ValueType, given: ValueType): string | null {
  if (wanted.kind === 'decimal' && (given.kind === 'int' || given.kind === 'float'))
    return 'Make it a decimal: decimalOf(…).'
  if (wanted.kind === 'text' && wanted.values !== null && given.kind === 'text')
    return `Only ${wanted.values.map((each) => `"${each}"`).join(', ')} can stand there.`
  return null
}

/** A declared amount that says no currency has the one of its formula. */
export function withCurrency(declared: FieldType, given: ValueType): FieldType {
  if (declared.kind !== 'money' || given.kind !== 'money') return declared
  if (declared.currency !== null || declared.in !== null) return declared
  const { currency } = given
  if (currency.kind === 'code') return { ...declared, currency: currency.code }
  return currency.kind === 'field' ? { ...declared, in: currency.path.join('.') } : declared
}

/** Null when the value always is in the range of its type, or may be null. */
export function staysInRange(
  declared: { readonly type: FieldType; readonly optional: boolean },
  given: Typed,
): Pick<Mismatch, 'code' | 'hint'> | null {
  if (declared.optional || !heldTyped(given, declared.type).beyond) return null
  const wider = wayOut(declared.type)
  const hint = `Say \`optional: true\`, or give a value in its place: coalesce(…, …).${wider === null ? '' : ` ${wider}`}`
  return { code: 'FORMULA_RANGE_LEFT', hint }
}

function wayOut(type: FieldType): string | null {
  if (type.kind === 'int' || type.kind === 'duration')
    return 'Or declare int64(), or limit the fields that it follows from with `min` and `max`.'
  if (type.kind === 'money' && type.minor) return 'Or leave `minor` out: such an amount has as many digits as it needs.'
  return type.kind === 'int64' ? 'Or limit the fields that it follows from with `min` and `max`.' : null
}
