import { type CallName, divisionDigits } from '../model/expression.ts'
import { rangeOfCall } from './range.ts'
import {
  describeCurrency,
  describeType,
  FormulaFault,
  isSameCurrency,
  mayBeNull,
  type Typed,
  type ValueType,
} from './value-type.ts'

/**
 * The type of a function's result.
 *
 * @param shown name for messages
 * @throws FormulaFault when the function does not take these
 */
export function typeOfCall(name: CallName, args: readonly Typed[]): Typed {
  const known = args.map((each) => ({ range: each.range, kind: each.type.kind, mayBeNull: mayBeNull(each) }))
  const range = rangeOfCall(name, known, divisionDigits)
  return { ...resultOfCall(name, args), beyond: isBeyond(name, args), range }
}

/** `coalesce` puts a value in the place of whatever is null; a text says nothing in its place. */
function isBeyond(name: CallName, args: readonly Typed[]): boolean {
  if (name === 'coalesce') return args.every(mayBeNull) && args.some(({ beyond }) => beyond)
  return name !== 'concat' && args.some(({ beyond }) => beyond)
}

/** The one type of several values, one of which is chosen. */
export function typeOfChoice(args: readonly Typed[]): ValueType {
  return ordered('when', common('when', args))
}

function resultOfCall(name: CallName, args: readonly Typed[]): Pick<Typed, 'type' | 'optional'> {
  const shown = name
  const anyNull = args.some(({ optional }) => optional)
  switch (name) {
    case 'plus':
    case 'minus':
      for (const each of args) take(shown, each, numbers)
      return { type: common(shown, args), optional: anyNull }
    case 'times':
    case 'dividedBy':
      return { type: scaled(name, args[0]!, args[1]!), optional: anyNull || mayDivideByZero(name, args) }
    case 'share':
      for (const each of args) take(shown, each, numbers)
      common(shown, args)
      return { type: { kind: 'decimal' }, optional: true }
    case 'decimalOf':
      take(shown, args[0]!, ['int', 'int64', 'decimal', 'float'])
      return { type: { kind: 'decimal' }, optional: anyNull }
    case 'abs':
      return take(shown, args[0]!, numbers)
    case 'greatest':
    case 'least':
      return { type: ordered(shown, common(shown, args)), optional: args.every(({ optional }) => optional) }
    case 'coalesce':
      return { type: common(shown, args), optional: args.every(mayBeNull) && args.some(({ optional }) => optional) }
    case 'concat':
      for (const each of args) take(shown, each, ['text', 'int', 'int64', 'decimal'])
      return { type: { kind: 'text', values: null }, optional: false }
    case 'lower':
    case 'upper':
      take(shown, args[0]!, ['text'])
      return { type: { kind: 'text', values: null }, optional: anyNull }
    case 'length':
      take(shown, args[0]!, ['text'])
      return { type: { kind: 'int' }, optional: anyNull }
    case 'days':
      for (const each of args) take(shown, each, ['date', 'datetime'])
      return { type: { kind: 'int' }, optional: anyNull }
    case 'minutes':
      for (const each of args) take(shown, each, ['datetime'])
      return { type: { kind: 'int' }, optional: anyNull }
  }
}

const numbers: readonly ValueType['kind'][] = ['int', 'int64', 'decimal', 'float', 'money']

function take(name: string, value: Typed, kinds: readonly ValueType['kind'][]): Typed {
  if (kinds.includes(value.type.kind)) return value
  throw new FormulaFault('FORMULA_TYPE_INVALID', `"${name}" does not take ${describeType(value)}.`)
}

/** A zero that is written down is refused elsewhere; any other divisor may be one. */
function mayDivideByZero(name: CallName, args: readonly Typed[]): boolean {
  return name === 'dividedBy' && args.length > 0
}

/** Amounts and numbers, made larger or smaller by plain numbers. */
function scaled(name: 'times' | 'dividedBy', a: Typed, by: Typed): ValueType {
  take(name, a, numbers)
  if (by.type.kind === 'money') {
    const hint = name === 'dividedBy' ? 'Two amounts have a share(part, of).' : 'Multiply an amount by a number.'
    const message = `"${name}" takes a number, not ${describeType(by)}.`
    throw new FormulaFault('FORMULA_MONEY_INVALID', message, hint)
  }
  take(name, by, numbers)
  if (by.type.kind !== 'float' || a.type.kind === 'float') return a.type
  if (a.type.kind === 'int') return by.type
  const hint = 'Make the floating-point number exact first: decimalOf(…).'
  throw new FormulaFault('FORMULA_TYPE_INVALID', `"${name}" would lose digits: ${describeType(by)} is not exact.`, hint)
}

/** The one type of several values; a text of given values and any text are any text. */
function common(name: string, args: readonly Typed[]): ValueType {
  return args.map(({ type }) => type).reduce((a, b) => merged(name, a, b))
}

function merged(name: string, a: ValueType, b: ValueType): ValueType {
  if (a.kind === 'null') return b
  if (b.kind === 'null') return a
  if (a.kind === 'text' && b.kind === 'text') {
    const values = a.values === null || b.values === null ? null : [...new Set([...a.values, ...b.values])]
    return { kind: 'text', values }
  }
  if (a.kind === 'money' && b.kind === 'money') {
    if (isSameCurrency(a.currency, b.currency)) return a
    const message = `"${name}" would mix ${describeCurrency(a.currency)} and ${describeCurrency(b.currency)}.`
    throw new FormulaFault('FORMULA_MONEY_INVALID', message, 'Only amounts of one currency go together.')
  }
  if (a.kind === b.kind) return a
  const message = `"${name}" does not take ${describeType({ type: a, optional: false })} and ${describeType({ type: b, optional: false })} together.`
  const numeric = numbers.includes(a.kind) && numbers.includes(b.kind) && a.kind !== 'money' && b.kind !== 'money'
  const hint = numeric ? 'Make both decimals: decimalOf(…).' : null
  throw new FormulaFault(
    a.kind === 'money' || b.kind === 'money' ? 'FORMULA_MONEY_INVALID' : 'FORMULA_TYPE_INVALID',
    message,
    hint,
  )
}

function ordered(name: string, type: ValueType): ValueType {
  if (name === 'when' || (type.kind !== 'boolean' && type.kind !== 'uuid')) return type
  throw new FormulaFault('FORMULA_TYPE_INVALID', `"${name}" does not take ${describeType({ type, optional: false })}.`)
}
