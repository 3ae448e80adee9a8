import type { Field } from '../types/field.ts'
import type {
  BigNumberOptions,
  BooleanOptions,
  DateOptions,
  DatetimeOptions,
  DecimalOptions,
  DurationOptions,
  MoneyInOptions,
  MoneyOptions,
  NumberOptions,
  TextOptions,
  TimeOptions,
  TimezoneOptions,
  UuidOptions,
} from '../types/field-options.ts'
import type { Clock, Day, Decimal, Money } from '../types/values.ts'
import { declare } from './declare.ts'

/** A short text of one line. */
export function string<const Optional extends boolean = false>(
  options?: TextOptions<Optional>,
): Field<string, Optional> {
  return field('string', options)
}

/** A text of any length, with line breaks. */
export function text<const Optional extends boolean = false>(options?: TextOptions<Optional>): Field<string, Optional> {
  return field('text', options)
}

/** A name for addresses: lower-case letters, digits and hyphens. */
export function slug<const Optional extends boolean = false>(options?: TextOptions<Optional>): Field<string, Optional> {
  return field('slug', options)
}

/** An e-mail address. */
export function email<const Optional extends boolean = false>(
  options?: TextOptions<Optional>,
): Field<string, Optional> {
  return field('email', options)
}

/** A web address. */
export function url<const Optional extends boolean = false>(options?: TextOptions<Optional>): Field<string, Optional> {
  return field('url', options)
}

/** A phone number in international form. */
export function phone<const Optional extends boolean = false>(
  options?: TextOptions<Optional>,
): Field<string, Optional> {
  return field('phone', options)
}

/** The name of a time zone, `Europe/Berlin`. */
export function timezone<const Optional extends boolean = false>(
  options?: TimezoneOptions<Optional>,
): Field<string, Optional> {
  return field('timezone', options)
}

/** A whole number of 32 bits. */
export function int<const Optional extends boolean = false>(
  options?: NumberOptions<Optional>,
): Field<number, Optional> {
  return field('int', options)
}

/** A whole number of 64 bits. */
export function int64<const Optional extends boolean = false>(
  options?: BigNumberOptions<Optional>,
): Field<bigint, Optional> {
  return field('int64', options)
}

/** A floating-point number: measurements, never money. */
export function float<const Optional extends boolean = false>(
  options?: NumberOptions<Optional>,
): Field<number, Optional> {
  return field('float', options)
}

/** An exact decimal number. */
export function decimal<const Optional extends boolean = false>(
  options: DecimalOptions<Optional>,
): Field<Decimal, Optional> {
  return field('decimal', options)
}

/** An exact amount of money, in one currency or `in` the one that another field names. */
export function money<const Optional extends boolean = false>(
  options?: MoneyOptions<Optional> | MoneyInOptions<Optional>,
): Field<Money, Optional> {
  return field('money', options)
}

/** True or false. */
export function boolean<const Optional extends boolean = false>(
  options?: BooleanOptions<Optional>,
): Field<boolean, Optional> {
  return field('boolean', options)
}

/** An instant. */
export function datetime<const Optional extends boolean = false>(
  options?: DatetimeOptions<Optional>,
): Field<Date, Optional> {
  return field('datetime', options)
}

/** A calendar day. */
export function date<const Optional extends boolean = false>(options?: DateOptions<Optional>): Field<Day, Optional> {
  return field('date', options)
}

/** A time of day, without day and zone. */
export function time<const Optional extends boolean = false>(options?: TimeOptions<Optional>): Field<Clock, Optional> {
  return field('time', options)
}

/** A length of time, as a whole number of its unit. */
export function duration<const Optional extends boolean = false>(
  options: DurationOptions<Optional>,
): Field<number, Optional> {
  return field('duration', options)
}

/** A UUID that is no reference: an id of another system. */
export function uuid<const Optional extends boolean = false>(options?: UuidOptions<Optional>): Field<string, Optional> {
  return field('uuid', options)
}

function field<T, Optional extends boolean>(builder: string, options: object = {}): Field<T, Optional> {
  return declare('field', { builder, options })
}
