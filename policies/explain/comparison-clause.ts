import type { Comparison, Operand, Operator } from '#schema'
import { type Clause, says } from './clause.ts'
import { actorValue, mayBeMissing, partWords, typeOfPart } from './names.ts'
import { operandWords } from './operand-words.ts'
import { entityNamed, type Place } from './place.ts'

/** A comparison in English, with what a missing value does to it. */
export function comparisonClause(comparison: Comparison, place: Place): Clause {
  return says(`${comparisonWords(comparison, place)}${missingNote(comparison, place)}`)
}

function comparisonWords({ on, op, to }: Comparison, place: Place): string {
  const subject = on === 'id' ? place.itself : `${place.whose}${partWords(place.entity, on)}`
  if (to.kind === 'value' && to.value === null) return `${subject} is ${op === 'isNot' ? 'given' : 'missing'}`
  if (op === 'empty') return `${subject} is ${to.kind === 'value' && to.value === false ? 'not empty' : 'empty'}`
  if (op === 'within') return `${subject} is, or lies below, ${operandWords(to, on, place)}`
  if (to.kind === 'value' && typeof to.value === 'boolean' && isMark(on, op, place)) {
    const isMarked = (op === 'is') === to.value
    return `${place.itself} is ${isMarked ? '' : 'not '}marked ${partWords(place.entity, on)}`
  }
  if (op === 'notIn' && to.kind === 'list' && to.values.length > 1)
    return `${subject} is neither ${operandWords(to, on, place, 'nor')}`
  const isTime = ['date', 'datetime', 'time'].includes(typeOfPart(place.entity, on)?.kind ?? '')
  return `${subject} ${operatorWords(op, to, isTime, place)} ${operandWords(to, on, place, op === 'hasAll' ? 'and' : 'or')}`
}

/** Yes or no, and always one of them: who is not marked is marked otherwise. */
function isMark(on: string, op: Operator, { entity }: Place): boolean {
  const isBoolean = typeOfPart(entity, on)?.kind === 'boolean' && !on.includes('.')
  return isBoolean && (op === 'is' || op === 'isNot') && !mayBeMissing(entity, on)
}

/** `is` does for lists too: their values are joined with `or`. */
function operatorWords(op: Operator, to: Operand, isTime: boolean, place: Place): string {
  if (op === 'in' || op === 'notIn') {
    const isSet = to.kind === 'actor' && isNamedSet(to.name, place)
    const one = to.kind === 'list' || isSet ? '' : ' one of'
    return `${op === 'in' ? 'is' : 'is not'}${one}`
  }
  return (isTime ? timeOperators[op] : undefined) ?? operators[op]
}

/** Sets of rows say `one of` themselves. */
function isNamedSet(name: string, place: Place): boolean {
  const value = actorValue(place.model, name)
  return value?.kind === 'reach' && entityNamed(place, value.to) !== null
}

const timeOperators: Readonly<Partial<Record<Operator, string>>> = {
  under: 'is before',
  atMost: 'is no later than',
  over: 'is after',
  atLeast: 'is no earlier than',
}

/** The words of each operator. */
export const operators: Readonly<Record<Operator, string>> = {
  is: 'is',
  isNot: 'is not',
  in: 'is',
  notIn: 'is not',
  under: 'is under',
  atMost: 'is at most',
  over: 'is over',
  atLeast: 'is at least',
  startsWith: 'starts with',
  contains: 'contains',
  endsWith: 'ends with',
  has: 'has',
  hasAny: 'has at least one of',
  hasAll: 'has each of',
  empty: 'is empty',
  covers: 'covers',
  overlaps: 'overlaps',
  endsBefore: 'ends before',
  startsAfter: 'starts after',
  within: 'is, or lies below,',
}

/** A missing value does not compare, except that it differs from everything. */
function missingNote({ on, op, to }: Comparison, place: Place): string {
  const { isDenied } = place
  const isForNull = to.kind === 'value' && to.value === null
  const names = [on, ...(to.kind === 'row' && to.way === undefined && to.of === undefined ? [to.name] : [])]
  const own = isForNull
    ? []
    : names.filter((name) => mayBeMissing(place.entity, name)).map((name) => partWords(place.entity, name))
  const isOpposite = op === 'isNot' || op === 'notIn'
  const closed = [...place.missing, ...(isOpposite ? [] : own)]
  const open = isOpposite ? own : []
  const [counts, not] = isDenied ? [closed, open] : [open, closed]
  const notes = [
    ...(counts.length > 0 ? [`${isDenied ? 'so ' : ''}also if ${counts.join(' or ')} is missing`] : []),
    ...(not.length > 0 ? [`a missing ${not.join(' or ')} does not count`] : []),
  ]
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`
}
