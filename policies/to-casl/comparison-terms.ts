import { type Comparison, columnBehind, type FieldType, type Operator } from '#schema'
import { asksForNull } from '../evaluate/judge-comparison.ts'
import { readOperand } from '../evaluate/operand.ts'
import { beyond, isList, type Value } from '../evaluate/value.ts'
import { guardedNames } from '../to-sql/guarded-fields.ts'
import { actorValueOf } from '../to-sql/model-index.ts'
import type { Asking } from './asking.ts'
import type { PackedValue } from './packed-abilities.ts'
import { isNumber, packedValue } from './packed-value.ts'
import { always, anyOf, never, relational, type Terms } from './terms.ts'

/** When a comparison of the row holds, or when it does not. */
export function comparisonTerms(condition: Comparison, isNegated: boolean, asking: Asking): Terms {
  const column = columnOf(condition, asking)
  if (column === null || !isKnown(condition, asking)) return relational
  const { field, type } = column
  const { to } = condition
  const [op, negated] = positive(condition.op, isNegated)
  if (asksForNull(to)) return op === 'is' ? test(field, negated ? '$ne' : '$eq', null) : negated ? always : never
  if (type.kind === 'list')
    return listTerms({ field, type: type.of, op, negated }, valuesOf(condition, type.of, asking), asking)
  const values = valuesOf(condition, type, asking)
  return values === null ? relational : scalarTerms({ field, type, op, negated }, values, asking)
}

interface Asked {
  readonly field: string
  readonly type: FieldType
  readonly op: Operator
  readonly negated: boolean
}

/** A field of which rows show all that there is; null for one that the server alone knows. */
function columnOf({ on }: Comparison, { place, shape }: Asking) {
  const { entity, world } = place
  const held = entity.computed.some(({ name }) => name === on) ? null : columnBehind(entity, on, world.index.entities)
  const field = shape.field(entity, on)
  // Parts of value objects are below what may be null, and columns of other types compare in their own way.
  // Rows say of a secret whether it is there, under another name.
  if (held?.type.kind === 'secret') return null
  if (held === null || held.columnType !== null || field === null || on.includes('.')) return null
  if (guardedNames(entity, world.index).has(on)) return null
  // Infinity and NaN, which only tables of others hold, are null in rows.
  const isOurs = entity.source.kind === 'table'
  if (!isOurs && ['float', 'decimal', 'money', 'date', 'datetime'].includes(held.type.kind)) return null
  return { field, type: held.type }
}

/** Values, `actor.id` and claims are known now; other columns, moments, reach sets and the caller's own row are not. */
function isKnown({ to, op }: Comparison, { place }: Asking): boolean {
  if (op === 'within') return false
  if (to.kind === 'value' || to.kind === 'list') return true
  return to.kind === 'actor' && (to.name === 'id' || actorValueOf(place.world.index, to.name).kind === 'claim')
}

function positive(op: Operator, isNegated: boolean): readonly [Operator, boolean] {
  if (op === 'isNot') return ['is', !isNegated]
  return op === 'notIn' ? ['in', !isNegated] : [op, isNegated]
}

function valuesOf({ to, op }: Comparison, type: FieldType, { place }: Asking): readonly Value[] | null {
  const given = readOperand(to, op === 'empty' ? { kind: 'boolean' } : type, place)
  if (given === beyond) return null
  return isList(given) ? given : [given as Value]
}

function scalarTerms(asked: Asked, values: readonly Value[], { shape }: Asking): Terms {
  const { field, type, op, negated } = asked
  const packed = values.map((value) => packedValue(value, type, shape))
  if (packed.includes(null)) return relational
  const known = packed.flatMap((each) => (each === null || each === 'unequal' ? [] : [each.is]))
  if (op === 'is' || op === 'in') {
    if (known.length === 0) return negated ? always : never
    return known.length === 1
      ? test(field, negated ? '$ne' : '$eq', known[0]!)
      : test(field, negated ? '$nin' : '$in', known)
  }
  const [value] = known
  if (values.length !== 1 || value === undefined) return relational
  if (type.kind === 'text' && typeof value === 'string') return textTerms(asked, value)
  return isNumber(type) ? orderTerms(asked, value) : relational
}

const orders: Readonly<Partial<Record<Operator, readonly [holds: string, fails: string]>>> = {
  under: ['$lt', '$gte'],
  atMost: ['$lte', '$gt'],
  over: ['$gt', '$lte'],
  atLeast: ['$gte', '$lt'],
}

/** In JavaScript null is less than one. */
function orderTerms({ field, op, negated }: Asked, value: PackedValue): Terms {
  const order = orders[op]
  if (order === undefined) return relational
  const tests = [
    { field, op: order[negated ? 1 : 0], value },
    { field, op: '$ne', value: null },
  ]
  const there: Terms = [{ tests, isLocal: true }]
  return negated ? anyOf([test(field, '$eq', null), there]) : there
}

/** Texts have an order of their own, by code point, that CASL does not know. */
function textTerms({ field, op, negated }: Asked, value: string): Terms {
  const words = value.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
  const patterns: Partial<Record<Operator, readonly [holds: string, fails: string]>> = {
    startsWith: [`^${words}`, `^(?!${words})`],
    contains: [words, String.raw`^(?![\s\S]*${words})`],
    endsWith: [`${words}$`, String.raw`^(?![\s\S]*${words}$)`],
  }
  const pattern = patterns[op]
  if (pattern === undefined) return relational
  const there = test(field, '$regex', pattern[negated ? 1 : 0])
  return negated ? anyOf([test(field, '$eq', null), there]) : there
}

const elements = new Set(['text', 'int', 'choice', 'boolean', 'uuid'])

function listTerms({ field, type, op, negated }: Asked, values: readonly Value[] | null, { shape }: Asking): Terms {
  if (values === null || !elements.has(type.kind)) return relational
  if (op === 'empty') return values[0] === true && !negated ? test(field, '$size', 0) : relational
  const packed = values.map((value) => packedValue(value, type, shape))
  const known = packed.flatMap((each) => (each === null || each === 'unequal' ? [] : [each.is]))
  if (known.length === 0 || known.length !== packed.length) return relational
  if (op === 'has' && known.length === 1) return test(field, negated ? '$ne' : '$eq', known[0]!)
  if (op === 'hasAny') return test(field, negated ? '$nin' : '$in', known)
  if (op !== 'hasAll') return relational
  return negated ? anyOf(known.map((each) => test(field, '$ne', each))) : test(field, '$all', known)
}

function test(field: string, op: string, value: PackedValue): Terms {
  return [{ tests: [{ field, op, value }], isLocal: true }]
}
