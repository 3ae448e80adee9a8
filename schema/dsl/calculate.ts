import type { Bare, Expr, FormulaCase, NullIn, Num, Plain, RowExpr } from '../types/expression.ts'
import type { Day, Decimal, Digits } from '../types/values.ts'
import type { Where } from '../types/where.ts'
import { express } from './expression.ts'

type Factor = number | Decimal | null
type Moment = Day | Date | null
/** Null where an argument may be null. */
type NullOf<B> = B extends Expr<infer T> ? NullIn<T> : never

/** The sum of numbers of one kind; null as soon as one is. */
export function plus<T extends Num | null>(a: Expr<T>, ...more: readonly (Expr<T> | number)[]): Expr<T> {
  return express('plus', [a, ...more])
}

/** The first without the others; null as soon as one is. The first may be a number as well: `minus(1, l.discount)`. */
export function minus<T extends Num | null>(a: Expr<T> | number, ...more: readonly (Expr<T> | number)[]): Expr<T> {
  return express('minus', [a, ...more])
}

/** So many times a number or an amount. Two amounts are not multiplied. */
export function times<A extends Num | null, B extends Expr<Factor> | number | Digits>(
  a: Expr<A>,
  by: B,
): Expr<A | NullOf<B>> {
  return express('times', [a, by])
}

/** Divided by a number; by zero it is null. Two amounts have a {@link share}. */
export function dividedBy<A extends Num | null>(a: Expr<A>, by: Expr<Factor> | number | Digits): Expr<A | null> {
  return express('dividedBy', [a, by])
}

/** The first as a fraction of the second: 0.25. Of zero it is null. */
export function share<A extends Num | null>(part: Expr<A>, of: Expr<A>): Expr<Decimal | null> {
  return express('share', [part, of])
}

/** A number as an exact decimal. */
export function decimalOf<T extends number | null>(a: Expr<T>): Expr<Decimal | NullIn<T>> {
  return express('decimalOf', [a])
}

/** Rounded to so many digits behind the point, half away from zero. */
export function round<T extends Num | null>(a: Expr<T>, places: number): Expr<T> {
  return express('round', [a], { places })
}

/** Without its sign. */
export function abs<T extends Num | null>(a: Expr<T>): Expr<T> {
  return express('abs', [a])
}

/** The largest or latest; nulls are left out. */
export function greatest<T>(a: Expr<T>, ...more: readonly (Expr<T> | Plain<Bare<T>>)[]): Expr<T> {
  return express('greatest', [a, ...more])
}

/** The smallest or earliest; nulls are left out. */
export function least<T>(a: Expr<T>, ...more: readonly (Expr<T> | Plain<Bare<T>>)[]): Expr<T> {
  return express('least', [a, ...more])
}

/** The first unless it is null, then the second. */
export function coalesce<A, const B extends Expr<Bare<A> | null> | Plain<Bare<A>>>(
  a: Expr<A>,
  otherwise: B,
): Expr<Bare<A> | NullOf<B>> {
  return express('coalesce', [a, otherwise])
}

/** Texts and numbers one after the other; null is empty. */
export function concat(...parts: readonly (Expr<string | number | Decimal | null> | string)[]): Expr<string> {
  return express('concat', parts)
}

/** In small letters. */
export function lower<T extends string | null>(a: Expr<T>): Expr<string | NullIn<T>> {
  return express('lower', [a])
}

/** In capitals. */
export function upper<T extends string | null>(a: Expr<T>): Expr<string | NullIn<T>> {
  return express('upper', [a])
}

/** In characters. */
export function length<T extends string | null>(a: Expr<T>): Expr<number | NullIn<T>> {
  return express('length', [a])
}

/** The first characters. */
export function left<T extends string | null>(a: Expr<T>, characters: number): Expr<string | NullIn<T>> {
  return express('left', [a], { characters })
}

/** A value by the first case that holds of the row; conditions are the plain data of policies. */
export function when<N extends string, T>(
  of: RowExpr<N>,
  cases: readonly FormulaCase<N, Expr<T> | Plain<Bare<T>>>[],
  otherwise: Expr<T> | Plain<Bare<T>>,
): Expr<T> {
  return express('when', [of, otherwise, ...cases.map((each) => each.then)], { cases: cases.map((each) => each.if) })
}

/** Whether a condition holds of the row. */
export function test<N extends string>(of: RowExpr<N>, where: Where<N>): Expr<boolean> {
  return express('test', [of], { where })
}

/** Days from the first to the second; of instants those of UTC. */
export function days<A extends Moment, B extends Moment>(from: Expr<A>, to: Expr<B>): Expr<number | NullIn<A | B>> {
  return express('days', [from, to])
}

/** Whole minutes from the first instant to the second. */
export function minutes<A extends Date | null, B extends Date | null>(
  from: Expr<A>,
  to: Expr<B>,
): Expr<number | NullIn<A | B>> {
  return express('minutes', [from, to])
}

/** A day or instant moved on, or back by a negative number. */
export function shift<T extends Moment, B extends Expr<number | null> | number>(
  a: Expr<T>,
  by: B,
  unit: 'minutes' | 'hours' | 'days' | 'months',
): Expr<T | NullOf<B>> {
  return express('shift', [a, by], { unit })
}

/** A part of a day or of an instant in UTC; weeks are those of ISO 8601, Monday is weekday 1. */
export function part<T extends Moment>(
  a: Expr<T>,
  of: 'year' | 'quarter' | 'month' | 'week' | 'day' | 'weekday' | 'hour',
): Expr<number | NullIn<T>> {
  return express('part', [a], { of })
}

/** The first day or instant of its year, quarter, month, week or day; instants in the zone, else in UTC. */
export function startOf<T extends Moment>(
  a: Expr<T>,
  of: 'year' | 'quarter' | 'month' | 'week' | 'day',
  zone?: Expr<string> | string,
): Expr<T> {
  return express('startOf', zone === undefined ? [a] : [a, zone], { of })
}

/** The day that an instant falls on in a zone: `dayOf(o.createdAt, 'Europe/Berlin')`. */
export function dayOf<T extends Date | null>(a: Expr<T>, zone: Expr<string> | string): Expr<Day | NullIn<T>> {
  return express('dayOf', [a, zone])
}

/** The day of the transaction, in UTC. */
export const today: Expr<Day> = express('today', [])

/** The instant of the transaction. */
export const nowAt: Expr<Date> = express('now', [])
