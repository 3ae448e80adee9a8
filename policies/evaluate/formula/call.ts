import { Bug } from '#base'
import { divisionDigits, type Expression, type ListRead } from '#schema'
import { daysBetween } from '../calendar.ts'
import { order } from '../compare.ts'
import { add, digits, divide, type Exact, exact, multiply, subtract } from '../exact.ts'
import { textOf } from '../text-of.ts'
import { beyond, isExact, type Known, type Value } from '../value.ts'

/** What a function gives of its arguments. */
export function called(name: Extract<Expression, { kind: 'call' }>['name'], args: readonly Known[]): Known {
  const present = args.filter((each) => each !== null && each !== beyond)
  if (name === 'coalesce') return present[0] ?? (args.includes(beyond) ? beyond : null)
  if (name === 'concat') return present.map((each) => (isExact(each) ? digits(each) : textOf(each))).join('')
  if (name === 'greatest' || name === 'least')
    return args.includes(beyond) ? beyond : extreme(present, name === 'greatest' ? 1 : -1)
  if (args.includes(null)) return null
  if (present.length < args.length) return beyond
  const [a, b] = args as readonly [Exact, Exact]
  const [from, to] = args as readonly [string, string]
  switch (name) {
    case 'plus':
      return (args as readonly Exact[]).reduce(add)
    case 'minus':
      return (args as readonly Exact[]).reduce(subtract)
    case 'times':
      return multiply(a, b)
    case 'dividedBy':
    case 'share':
      return divide(a, b, divisionDigits)
    case 'decimalOf':
      return a
    case 'abs':
      return { n: a.n < 0n ? -a.n : a.n, scale: a.scale }
    case 'lower':
      return from.toLowerCase()
    case 'upper':
      return from.toUpperCase()
    case 'length':
      return exact(Array.from(from).length)
    case 'days':
      return exact(daysBetween(Date.parse(from), Date.parse(to)))
    case 'minutes':
      return exact(Math.trunc((Date.parse(to) - Date.parse(from)) / 60_000) || 0)
  }
}

/** What a list gives of the values that are there. */
export function aggregated({ name, separator }: ListRead, values: readonly NonNullable<Value>[]): Value {
  const numbers = values as readonly Exact[]
  switch (name) {
    case 'sum':
      return numbers.reduce(add, exact(0))
    case 'average':
      return divide(numbers.reduce(add, exact(0)), exact(numbers.length), divisionDigits)
    case 'min':
      return extreme(values, -1)
    case 'max':
      return extreme(values, 1)
    case 'countDistinct':
      return exact(new Set(values.map((each) => (isExact(each) ? digits(each) : each))).size)
    case 'join':
      return (values as readonly string[]).toSorted(compare).join(separator!)
    default:
      throw new Bug(`"${name}" is no aggregate.`)
  }
}

function extreme(values: readonly NonNullable<Value>[], sign: number): Value {
  return values.reduce<Value>((best, each) => (best === null || compare(each, best) * sign > 0 ? each : best), null)
}

/** Order of two values, those that are missing last. */
export function compareNullsLast(a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return compare(a, b)
}

/** Texts by code point. */
function compare(a: NonNullable<Value>, b: NonNullable<Value>): number {
  return order(a, b, 'text')
}
