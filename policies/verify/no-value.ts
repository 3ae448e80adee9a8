import { canonicalJson } from '#base'
import { type Comparison, columnField, type Entity, type FieldType, orderOf, toOnesOf } from '#schema'

/** A comparison without negation, and whether it holds. */
export interface Compared {
  readonly holds: boolean
  readonly compare: Comparison
}

type Scalar = string | number | boolean

/** True when it is certain that neither a value of the column nor a missing one fits what is said of it. */
export function hasNoValue(said: readonly Compared[], entity: Entity, on: string): boolean {
  if (said.some((one) => one.holds && said.some((other) => !other.holds && sameText(one, other)))) return true
  const canBeMissing = isOptional(entity, on)
  const isMissingFine = canBeMissing && said.every(({ holds, compare }) => holds === isNullTest(compare))
  if (isMissingFine) return false
  // Whatever is there is not missing.
  if (said.some(({ holds, compare }) => holds && isNullTest(compare))) return true
  const type = knownType(entity, on)
  if (type === null) return false
  const constant = said.filter(({ compare }) => isConstant(compare))
  const values = candidates(constant, type)
  if (values !== null) return values.every((value) => !constant.every((each) => fits(each, value, type)))
  return isRangeEmpty(constant, type) || isTextDenied(constant)
}

function sameText(one: Compared, other: Compared): boolean {
  return canonicalJson(one.compare) === canonicalJson(other.compare)
}

function isNullTest({ op, to }: Comparison): boolean {
  return op === 'is' && to.kind === 'value' && to.value === null
}

/** Formulas may be out of range, and names that are not known may be anything. */
function isOptional(entity: Entity, on: string): boolean {
  if (on === 'id') return false
  // What a table that was there before holds is not known.
  if (entity.source.kind !== 'table') return true
  return (columnField(entity, on) ?? toOnesOf(entity).find(({ name }) => name === on))?.optional ?? true
}

/** Kinds whose values compare here as they do in Postgres. */
const known: ReadonlySet<FieldType['kind']> = new Set<FieldType['kind']>([
  ...(['choice', 'boolean', 'int', 'int64', 'float', 'decimal', 'money'] as const),
  ...(['date', 'datetime', 'time', 'duration', 'text'] as const),
])

function knownType(entity: Entity, on: string): FieldType | null {
  const states = entity.lifecycle !== null && on === 'status' ? entity.lifecycle : null
  if (states !== null) return { kind: 'choice', enum: states.enum, values: states.states }
  const type = columnField(entity, on)?.type
  if (type === undefined || !known.has(type.kind) || entity.source.kind !== 'table') return null
  return type.kind === 'text' && type.ignoreCase ? null : type
}

function isConstant({ to }: Comparison): boolean {
  return to.kind === 'list' || (to.kind === 'value' && to.value !== null)
}

/** All values that are possible, where these are few; null where they are not. */
function candidates(said: readonly Compared[], type: FieldType): readonly Scalar[] | null {
  for (const { holds, compare } of said) {
    const { op, to } = compare
    if (holds && op === 'is' && to.kind === 'value' && to.value !== null) return [to.value]
    if (holds && op === 'in' && to.kind === 'list') return to.values
  }
  if (type.kind === 'boolean') return [true, false]
  return type.kind === 'choice' ? type.values.map(({ value }) => value) : null
}

/** False only where it is certain that the value does not make the comparison what it is said to be. */
function fits({ holds, compare }: Compared, value: Scalar, type: FieldType): boolean {
  const truth = truthOf(compare, value, type)
  return truth === null || truth === holds
}

function truthOf({ op, to }: Comparison, value: Scalar, type: FieldType): boolean | null {
  if (to.kind === 'list') return op === 'in' ? to.values.some((each) => isSame(type, value, each)) : null
  if (to.kind !== 'value' || to.value === null) return null
  switch (op) {
    case 'is':
      return isSame(type, value, to.value)
    case 'startsWith':
      return String(value).startsWith(String(to.value))
    case 'endsWith':
      return String(value).endsWith(String(to.value))
    case 'contains':
      return String(value).includes(String(to.value))
    default:
      return isOrdered(op, ordered(type, value, to.value))
  }
}

function isSame(type: FieldType, one: Scalar, other: Scalar): boolean {
  return orderOf(type, one, other) === 0
}

/** Order of values that are sorted as Postgres does; texts depend on a collation, choices on nothing. */
function ordered(type: FieldType, one: Scalar, other: Scalar): number | null {
  return type.kind === 'text' || type.kind === 'choice' ? null : orderOf(type, one, other)
}

function isOrdered(op: Comparison['op'], order: number | null): boolean | null {
  if (order === null) return null
  if (op === 'under') return order < 0
  if (op === 'atMost') return order <= 0
  if (op === 'over') return order > 0
  return op === 'atLeast' ? order >= 0 : null
}

interface Bound {
  readonly value: Scalar
  readonly isOpen: boolean
}

/** What does not hold of a value that is there holds the other way round. */
const opposite = { under: 'atLeast', atMost: 'over', over: 'atMost', atLeast: 'under' } as const

function isRangeEmpty(said: readonly Compared[], type: FieldType): boolean {
  if (type.kind === 'text') return false
  const lower: Bound[] = []
  const upper: Bound[] = []
  for (const { holds, compare } of said) {
    const { op: written, to } = compare
    if (!(written in opposite) || to.kind !== 'value' || to.value === null) continue
    const ordering = written as keyof typeof opposite
    const op = holds ? ordering : opposite[ordering]
    const bound = { value: to.value, isOpen: op === 'over' || op === 'under' }
    if (op === 'over' || op === 'atLeast') lower.push(bound)
    else upper.push(bound)
  }
  return lower.some((low) =>
    upper.some((high) => {
      const order = orderOf(type, low.value, high.value)
      return order !== null && (order > 0 || (order === 0 && (low.isOpen || high.isOpen)))
    }),
  )
}

/** A text that begins with `ab` begins with `a`, and contains both. */
function isTextDenied(said: readonly Compared[]): boolean {
  const words = said.flatMap(({ holds, compare: { op, to } }) =>
    to.kind === 'value' && typeof to.value === 'string' ? [{ holds, op, text: to.value }] : [],
  )
  return words.some(
    (one) =>
      one.holds &&
      words.some((other) => {
        if (other.holds) return false
        if (other.op === 'contains') return parts.has(one.op) && one.text.includes(other.text)
        if (one.op !== other.op) return false
        if (one.op === 'startsWith') return one.text.startsWith(other.text)
        return one.op === 'endsWith' && one.text.endsWith(other.text)
      }),
  )
}

const parts: ReadonlySet<string> = new Set(['startsWith', 'endsWith', 'contains'])
