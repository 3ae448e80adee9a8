import { type Sql, sql } from '#base'
import { type FieldType, isWithin, rangeOfType, type Typed } from '#schema'
import { valueType } from './postgres-type.ts'

/** The calendar of the language: ISO 8601 has four digits for a year. Seconds since 1970 in UTC. */
const calendar = { first: '-62135596800', last: '253402300799.999999' } as const
const firstMoment = sql.raw("timestamp '0001-01-01 00:00:00'")
const lastMoment = sql.raw("timestamp '9999-12-31 23:59:59.999999'")

/** The largest float and the smallest one, as exact numbers. */
const largest = sql.raw(`${Number.MAX_VALUE}::numeric`)
const smallest = sql.raw(`${Number.MIN_VALUE}::numeric`)
/** From here on a float is so small that Postgres may find it out of range. */
const tinyScale = 300

/**
 * A value that is computed once and looked at more often. `offset 0` keeps the planner from writing it out in each place, which
 * would double a formula with each step that it is deep.
 */
export function once(value: Sql, then: (once: Sql) => Sql): Sql {
  return sql`(select ${then(sql.raw('g.v'))} from (select ${value} as v offset 0) g)`
}

/**
 * An exact number as a field of a type holds it. One that leaves the range of whole numbers, cents or floats is null: a cast
 * would raise, and fail every list that the row is in. Where the range is kept for sure, it is nothing but the cast.
 */
export function heldNumber(value: Sql, type: FieldType, { range }: Typed): Sql {
  const wanted = sql.raw(valueType(type))
  const all = rangeOfType(type)!
  const isKept = range !== null && isWithin(range, all)
  if (type.kind === 'float') {
    if (isKept && range.scale <= tinyScale) return sql`(${value})::${wanted}`
    return once(
      value,
      (v) =>
        sql`case when abs(${v}) <= ${largest} then case when abs(${v}) >= ${smallest} then ${v}::${wanted} else 0::${wanted} end end`,
    )
  }
  if (type.kind === 'money') {
    // Adopted columns may hold what is no number.
    const units = sql`round(${value}, ${sql.literal(type.scale)}) * ${sql.literal(10 ** type.scale)}`
    return once(
      units,
      (v) => sql`case when ${between(v, '-9223372036854775808', '9223372036854775807')} then ${v}::${wanted} end`,
    )
  }
  // A cast of a numeric to a whole number rounds half away from zero.
  if (isKept) return sql`(${value})::${wanted}`
  return once(
    sql`round(${value})`,
    (v) => sql`case when ${between(v, String(all.lo), String(all.hi))} then ${v}::${wanted} end`,
  )
}

/** What a column without a number of digits holds, or null where nobody could count with it. */
export function shortNumber(value: Sql, digits: number): Sql {
  return sql`(case when abs(${value}) <= ${sql.raw(`1e${digits}::numeric`)} then ${value} end)`
}

/** A day or instant of a table that may hold others: null where it is none of the calendar. */
export function calendarMoment(value: Sql, kind: 'date' | 'datetime'): Sql {
  const [first, last] =
    kind === 'date'
      ? [sql`'0001-01-01'::date`, sql`'9999-12-31'::date`]
      : [sql`'0001-01-01 00:00:00+00'::timestamptz`, sql`'9999-12-31 23:59:59.999999+00'::timestamptz`]
  return sql`(case when ${value} between ${first} and ${last} then ${value} end)`
}

/** A moment without zone, held at the ends of the calendar: elsewhere on earth its last day may be over already. */
export function heldMoment(moment: Sql): Sql {
  return once(
    moment,
    (v) =>
      sql`case when ${v} > ${lastMoment} then ${lastMoment} when ${v} < ${firstMoment} then ${firstMoment} else ${v} end`,
  )
}

const unitsOfShift = { minutes: 60, hours: 3600, days: 86_400 } as const

/**
 * A moment without zone moved on; null where that leaves the calendar. Asked in exact numbers before Postgres is: neither its
 * intervals nor its calendar end where ours does.
 */
export function shiftedMoment(moment: Sql, by: Sql, unit: keyof typeof unitsOfShift | 'months'): Sql {
  const value = sql.raw('g.v')
  const count = sql.raw('g.n')
  const rows = sql`(select ${moment} as v, round(${by}) as n offset 0) g`
  if (unit === 'months') {
    const month = sql`extract(year from ${value}) * 12 + extract(month from ${value}) - 1 + ${count}`
    return sql`(select case when ${between(month, '12', '119999')} then ${value} + make_interval(months => ${count}::integer) end from ${rows})`
  }
  const seconds = unitsOfShift[unit]
  const reached = sql`extract(epoch from ${value}) + ${count} * ${sql.literal(seconds)}`
  // Exact: the product of a count inside of the calendar and the unit has fewer than 53 bits, zeros at its end aside.
  const interval = sql`${count}::double precision * interval '1 ${sql.raw(unit.slice(0, -1))}'`
  return sql`(select case when ${between(reached, calendar.first, calendar.last)} then ${value} + ${interval} end from ${rows})`
}

function between(value: Sql, low: string, high: string): Sql {
  return sql`${value} between ${sql.raw(low)} and ${sql.raw(high)}`
}
