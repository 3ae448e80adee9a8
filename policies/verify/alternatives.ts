import { canonicalJson } from '#base'
import type { Comparison, Condition } from '#schema'

/** Something that is true or false of a row, with all relations on the way leading to live rows; or that it is not. */
export interface Literal {
  readonly holds: boolean
  readonly atom: Atom
}

/** What literals speak of. */
export type Atom =
  /** There is a live row at the end of the way. */
  | { readonly kind: 'there'; readonly way: readonly string[] }
  /** A comparison, without negation. */
  | { readonly kind: 'compare'; readonly way: readonly string[]; readonly compare: Comparison }
  /** At least one row of a relation to many meets a condition; null: any row. */
  | {
      readonly kind: 'some'
      readonly way: readonly string[]
      readonly relation: string
      readonly where: Condition | null
    }
  /** Anything else, known by its text alone. */
  | { readonly kind: 'other'; readonly way: readonly string[]; readonly text: string }

/** Literals that hold together. */
export type Alternative = readonly Literal[]

/** More would take longer than it is worth. */
const most = 256

/**
 * A condition as alternatives of which at least one holds whenever the condition does.
 *
 * @returns null when there would be too many
 */
export function alternativesOf(condition: Condition): readonly Alternative[] | null {
  return normal(condition, true, [])
}

function normal(condition: Condition, holds: boolean, way: readonly string[]): readonly Alternative[] | null {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.kind === 'and' ? condition.all : condition.any
      const each = parts.map((part) => normal(part, holds, way))
      return (condition.kind === 'and') === holds ? product(each) : sum(each)
    }
    case 'not':
      return normal(condition.not, !holds, way)
    case 'path':
      return throughPath(condition, holds, way)
    case 'compare':
      return compared(condition, holds, way)
    case 'many':
      return toMany(condition, holds, way)
    case 'may':
    case 'fact':
      return [[{ holds, atom: { kind: 'other', way, text: canonicalJson(condition) } }]]
  }
}

/** The other row is there and meets the condition; or it is not there, or does not meet it. */
function throughPath(
  { relation, where }: Extract<Condition, { kind: 'path' }>,
  holds: boolean,
  way: readonly string[],
): readonly Alternative[] | null {
  const on = [...way, relation]
  const there = (isThere: boolean): Alternative => [{ holds: isThere, atom: { kind: 'there', way: on } }]
  const inner = product([[there(true)], normal(where, holds, on)])
  return holds ? inner : sum([[there(false)], inner])
}

/** `isNot` and `notIn` are the exact complements of `is` and `in`. */
function compared(compare: Comparison, holds: boolean, way: readonly string[]): readonly Alternative[] {
  if (compare.op === 'isNot') return compared({ ...compare, op: 'is' }, !holds, way)
  if (compare.op === 'notIn') return compared({ ...compare, op: 'in' }, !holds, way)
  return [[{ holds, atom: { kind: 'compare', way, compare } }]]
}

/** None is not some; every is not some that do not. */
function toMany(
  { relation, how, where }: Extract<Condition, { kind: 'many' }>,
  holds: boolean,
  way: readonly string[],
): readonly Alternative[] {
  if (how === 'every' && where === null) return holds ? [[]] : []
  const some: Condition | null = how === 'every' && where !== null ? { kind: 'not', not: where } : where
  return [[{ holds: (how === 'some') === holds, atom: { kind: 'some', way, relation, where: some } }]]
}

function sum(parts: readonly (readonly Alternative[] | null)[]): readonly Alternative[] | null {
  const found = parts.flatMap((part) => part ?? [])
  return parts.includes(null) || found.length > most ? null : found
}

function product(parts: readonly (readonly Alternative[] | null)[]): readonly Alternative[] | null {
  let found: readonly Alternative[] = [[]]
  for (const part of parts) {
    if (part === null || found.length * part.length > most) return null
    found = found.flatMap((left) => part.map((right) => [...left, ...right]))
  }
  return found
}
