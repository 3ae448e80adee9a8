import type { Condition } from './condition.ts'

/**
 * How a value follows from a row: the one tree that every back-end of formulas reads. Types are not written down: they follow
 * from the parts (`typeOfExpression`).
 *
 * A null anywhere makes arithmetic, texts and dates null; `coalesce`, `concat`, `greatest`, `least` and lists say otherwise.
 * Whole numbers, decimals and money are exact; a division keeps {@link divisionDigits} digits, and only the field that holds the
 * result rounds to its own scale, half away from zero. What is out of the range of that field, or of the calendar (years 1 to
 * 9999), is null, and so is what nobody can know without it.
 */
export type Expression =
  | LiteralValue
  | FieldRead
  | ClockRead
  | FunctionCall
  | RoundedValue
  | LeftPart
  | ShiftedMoment
  | DatePart
  | StartOfMoment
  | DayOfMoment
  | ConditionTest
  | CaseChoice
  | ListRead

/** Digits behind the point that a division and an average keep; the last one is rounded half away from zero. */
export const divisionDigits = 20

/** A value as it was written. Exact numbers are decimal digits; days `YYYY-MM-DD`, instants ISO 8601 in UTC. */
export interface LiteralValue {
  readonly kind: 'literal'
  /** What the value is written as. */
  readonly of: 'number' | 'text' | 'boolean' | 'date' | 'datetime' | 'time' | 'null'
  readonly value: string | boolean | null
}

/**
 * A field or computed field of a row, or of the live target of to-one relations: `['order', 'currency']`. Also a part of a value
 * object, `['delivery', 'city']`, and an end of a period, `['stay', 'from']`.
 */
export interface FieldRead {
  readonly kind: 'field'
  /** Rows to go out: 0 is the row that the expression is about, 1 inside of a list the row that has the list. */
  readonly up: number
  /** To-one relations, then the field; behind a value object its part, behind a period `from` or `to` (the last day, or the instant after). */
  readonly path: readonly string[]
}

/** The instant of the transaction, or its day in UTC. */
export interface ClockRead {
  readonly kind: 'now' | 'today'
}

/** Functions of values alone. */
export type CallName =
  /** Numbers of one kind; null as soon as one is null. */
  | 'plus'
  | 'minus'
  /** The first times, or by, plain numbers. By zero: null. */
  | 'times'
  | 'dividedBy'
  /** The first as a fraction of the second, of one kind: 0.25. Of zero: null. */
  | 'share'
  /** A whole or floating number as a decimal. */
  | 'decimalOf'
  | 'abs'
  /** Nulls are left out; null when there is nothing else. */
  | 'greatest'
  | 'least'
  /** The first that is not null. */
  | 'coalesce'
  /** Texts and numbers one after the other; null is empty. Numbers are written without trailing zeros. */
  | 'concat'
  | 'lower'
  | 'upper'
  /** In characters. */
  | 'length'
  /** Whole days, and whole minutes (the rest cut off), from the first to the second. Of instants, days are those of UTC. */
  | 'days'
  | 'minutes'

/** A function of values. */
export interface FunctionCall {
  readonly kind: 'call'
  readonly name: CallName
  readonly args: readonly Expression[]
}

/** A number with so many digits behind the point, half away from zero. */
export interface RoundedValue {
  readonly kind: 'round'
  readonly value: Expression
  /** Digits behind the point. */
  readonly places: number
}

/** The first characters of a text. */
export interface LeftPart {
  readonly kind: 'left'
  readonly value: Expression
  /** How many. */
  readonly characters: number
}

/** A day or instant moved on; the end of a shorter month is its last day. */
export interface ShiftedMoment {
  readonly kind: 'shift'
  readonly value: Expression
  readonly by: Expression
  /** What `by` counts; days have none shorter than a day. */
  readonly unit: 'minutes' | 'hours' | 'days' | 'months'
}

/** A part of a day or of an instant in UTC. Weeks are those of ISO 8601, weekdays count from 1 on Monday. */
export interface DatePart {
  readonly kind: 'part'
  readonly value: Expression
  /** Which part; days have no hour. */
  readonly of: 'year' | 'quarter' | 'month' | 'week' | 'day' | 'weekday' | 'hour'
}

/** The first day or instant of the year, quarter, month, week or day; of instants in the zone. */
export interface StartOfMoment {
  readonly kind: 'startOf'
  readonly value: Expression
  /** What it is the beginning of. */
  readonly of: 'year' | 'quarter' | 'month' | 'week' | 'day'
  /** Null: UTC. */
  readonly zone: Expression | null
}

/** The day that an instant falls on in a zone. */
export interface DayOfMoment {
  readonly kind: 'dayOf'
  readonly value: Expression
  readonly zone: Expression
}

/** True where the condition holds of the row, else false; never null. */
export interface ConditionTest {
  readonly kind: 'condition'
  readonly up: number
  readonly where: Condition
}

/** The value of the first case whose condition holds of the row. */
export interface CaseChoice {
  readonly kind: 'cases'
  readonly up: number
  /** The first one that holds counts. */
  readonly cases: readonly Case[]
  readonly otherwise: Expression
}

/** One of {@link CaseChoice}. */
export interface Case {
  readonly where: Condition
  readonly then: Expression
}

/** What is asked of a list. `sum`, `count`, `countDistinct` of none are 0, `exists` false, `join` empty, the rest null. */
export type ListFunction =
  | 'sum'
  | 'average'
  | 'min'
  | 'max'
  | 'first'
  | 'count'
  | 'countDistinct'
  | 'exists'
  /** Texts in their order (by code point), nulls left out. */
  | 'join'

/** Something about the live rows of a to-many relation. */
export interface ListRead {
  readonly kind: 'list'
  readonly up: number
  /** To-one relations, then the to-many. */
  readonly path: readonly string[]
  readonly name: ListFunction
  /** Of each row; null for `count` and `exists`. */
  readonly value: Expression | null
  /** Only rows of which this holds. */
  readonly where: Condition | null
  /** Only for `first`; the key breaks ties. Nulls come last, descending first. */
  readonly sort: readonly { readonly name: string; readonly descending: boolean }[]
  /** Only for `join`. */
  readonly separator: string | null
}
