import type { CallName } from '../model/expression.ts'
import type { Field, FieldType } from '../model/model.ts'

/** Between what whole numbers a number lies, and how many digits it has behind the point at most. Of a text: its length in characters. */
export interface Range {
  readonly lo: bigint
  readonly hi: bigint
  readonly scale: number
}

/** Rows that a list is taken to have at most. */
const listRows = 2n ** 31n - 1n
/** Digits before the point that a number may have at most; `numeric` of Postgres holds 131,072. */
const mostDigits = 100_000
/** Digits behind the point of the shortest text of the smallest float. */
const floatScale = 340
/** Digits behind the point that Postgres gives a quotient of floats at most. */
const quotientScale = 1000

/** The largest float, which is a whole number. */
const largestFloat = BigInt(Number.MAX_VALUE)
/** Characters that a text without a limit is taken to have at most: more than a request holds. */
const unlimitedText = 10_000_000n
/** Characters of a joined list; values that would go beyond are left out. */
export const joinedCharacters = 1_000_000
/** Characters of a text that a formula puts together. */
export const mostCharacters = 100_000_000

const int32: Range = { lo: -(2n ** 31n), hi: 2n ** 31n - 1n, scale: 0 }
const int64: Range = { lo: -(2n ** 63n), hi: 2n ** 63n - 1n, scale: 0 }
/** What is read of a numeric column that says no digits. */
export const unlimitedDigits = 1000
const unlimited: Range = { lo: -(10n ** BigInt(unlimitedDigits)), hi: 10n ** BigInt(unlimitedDigits), scale: 16_383 }

/** What values of a type there are, whatever the limits that the author set; null for what is no number. */
export function rangeOfType(type: FieldType): Range | null {
  switch (type.kind) {
    case 'int':
    case 'duration':
      return int32
    case 'int64':
      return int64
    case 'float':
      return { lo: -largestFloat, hi: largestFloat, scale: floatScale }
    case 'decimal':
      return around(10n ** BigInt(Math.max(0, type.precision - type.scale)), type.scale)
    case 'money': {
      const units = 10n ** BigInt(type.scale)
      return around(type.minor ? int64.hi / units + 1n : 10n ** BigInt(Math.max(0, 19 - type.scale)), type.scale)
    }
    default:
      return null
  }
}

/**
 * What values a field of a row may have. Limits count where the database checks them.
 *
 * @param isChecked false where the table was there before, and may hold what the model does not allow
 */
export function rangeOfField(
  { type, columnType }: Pick<Field, 'type' | 'columnType'>,
  isChecked: boolean,
): Range | null {
  if (type.kind === 'text') return upTo(isChecked && type.max !== null ? BigInt(type.max) : unlimitedText)
  if (type.kind === 'choice') return upTo(isChecked ? longest(type.values.map(({ value }) => value)) : unlimitedText)
  if (columnType === 'numeric') return unlimited
  const all = rangeOfType(type)
  if (all === null || !isChecked || !('min' in type)) return all
  const [min, max] = [type.min, type.max]
  return {
    lo: min === null ? all.lo : bigger(all.lo, whole(String(min)).lo),
    hi: max === null ? all.hi : smaller(all.hi, whole(String(max)).hi),
    scale: all.scale,
  }
}

/** Of a number as it is written. */
export function rangeOfNumber(text: string): Range {
  return whole(text)
}

/** Of one of these texts. */
export function rangeOfTexts(values: readonly string[]): Range {
  return upTo(longest(values))
}

/** From nothing to so much. */
export function upTo(hi: bigint): Range {
  return { lo: 0n, hi, scale: 0 }
}

/** That of a value which is one of several. */
export function hull(ranges: readonly (Range | null)[]): Range | null {
  return ranges.reduce((a, b) => {
    if (a === null || b === null) return a ?? b
    return { lo: smaller(a.lo, b.lo), hi: bigger(a.hi, b.hi), scale: Math.max(a.scale, b.scale) }
  }, null)
}

/** An argument of a function. */
export interface RangedArgument {
  readonly range: Range | null
  readonly kind: string
  readonly mayBeNull: boolean
}

/** That of a function's result; null for what is neither number nor text. */
export function rangeOfCall(name: CallName, args: readonly RangedArgument[], digits: number): Range | null {
  if (name === 'days') return around(daysOfCalendar, 0)
  if (name === 'minutes') return around(daysOfCalendar * 1440n, 0)
  const ranges = args.map(({ range }) => range)
  if (name === 'coalesce') return hull(ranges)
  if (name === 'greatest' || name === 'least') return extreme(name, args)
  if (name === 'concat')
    return upTo(
      smaller(
        args.map(lengthOf).reduce((sum, each) => sum + each, 0n),
        BigInt(mostCharacters),
      ),
    )
  const [a, b] = [ranges[0] ?? null, ranges[1] ?? null]
  if (a === null) return null
  const rest = ranges.slice(1).filter((each) => each !== null)
  switch (name) {
    case 'plus':
      return rest.reduce((sum, each) => added(sum, each), a)
    case 'minus':
      return rest.reduce((sum, each) => added(sum, { lo: -each.hi, hi: -each.lo, scale: each.scale }), a)
    case 'times':
      return b === null ? a : multiplied(a, b)
    case 'dividedBy':
    case 'share':
      return b === null
        ? a
        : divided(a, b, args.some(({ kind }) => kind === 'float') && name !== 'share' ? quotientScale : digits)
    case 'decimalOf':
      return a
    case 'abs':
      return { lo: 0n, hi: size(a), scale: a.scale }
    case 'lower':
    case 'upper':
      return upTo(a.hi * 3n)
    case 'length':
      return a
  }
}

const daysOfCalendar = 3_652_059n

/** Of the sum of a list's values. */
export function rangeOfSum({ lo, hi, scale }: Range): Range {
  return { lo: smaller(lo, 0n) * listRows, hi: bigger(hi, 0n) * listRows, scale }
}

/** How many rows a list may have. */
export const rangeOfCount: Range = upTo(listRows)

/** Rounded to so many digits behind the point. */
export function roundedRange(range: Range | null, places: number): Range | null {
  return range === null ? null : { ...range, scale: Math.min(range.scale, places) }
}

/** True when every value of the one is a value of the other. */
export function isWithin(range: Range, all: Range): boolean {
  return range.lo >= all.lo && range.hi <= all.hi
}

/** Made once: it takes milliseconds. */
let tooMany: bigint | null = null

/** True for numbers with more digits than can be counted with. */
export function isTooLong({ lo, hi }: Range): boolean {
  tooMany ??= 10n ** BigInt(mostDigits)
  const most = tooMany
  return hi > most || lo < -most
}

function around(hi: bigint, scale: number): Range {
  return { lo: -hi, hi, scale }
}

function size({ lo, hi }: Range): bigint {
  return bigger(-lo, hi)
}

function added(a: Range, b: Range): Range {
  return { lo: a.lo + b.lo, hi: a.hi + b.hi, scale: Math.max(a.scale, b.scale) }
}

function multiplied(a: Range, b: Range): Range {
  const corners = [a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi]
  return { lo: corners.reduce(smaller), hi: corners.reduce(bigger), scale: a.scale + b.scale }
}

/** By less than one, a number becomes larger: as much as the divisor has digits behind the point. */
function divided(a: Range, by: Range, scale: number): Range {
  const isLarge = by.lo >= 1n || by.hi <= -1n
  const most = isLarge ? size(a) : size(a) * 10n ** BigInt(by.scale)
  return a.lo >= 0n && by.lo >= 0n ? { lo: 0n, hi: most, scale } : around(most, scale)
}

/** Nulls are left out, so only a value that is always there holds the result. */
function extreme(name: 'greatest' | 'least', args: readonly RangedArgument[]): Range | null {
  const all = hull(args.map(({ range }) => range))
  if (all === null) return null
  const sure = args.flatMap(({ range, mayBeNull }) => (range === null || mayBeNull ? [] : [range]))
  if (sure.length === 0) return all
  return name === 'greatest'
    ? { ...all, lo: sure.map(({ lo }) => lo).reduce(bigger) }
    : { ...all, hi: sure.map(({ hi }) => hi).reduce(smaller) }
}

/** Of a text, or of a number that becomes one. */
function lengthOf({ range, kind }: RangedArgument): bigint {
  if (range === null) return 0n
  return kind === 'text' ? range.hi : BigInt(size(range).toString().length + range.scale + 2)
}

function whole(text: string): Range {
  const value = /e/i.test(text)
    ? BigInt(Math.trunc(Number(text)))
    : BigInt(text.replace(/^\+/, '').replace(/\..*$/, '').replace(/^-?$/, '0'))
  const fraction = /\.(\d+)/.exec(text)?.[1]?.length ?? 0
  const scale = /e-/i.test(text) ? floatScale : fraction
  const isFraction = scale > 0
  return { lo: isFraction ? value - 1n : value, hi: isFraction ? value + 1n : value, scale }
}

function longest(values: readonly string[]): bigint {
  return BigInt(Math.max(0, ...values.map((each) => each.length)))
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function bigger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
