import { type Sql, sql, unreachable } from '#base'
import type { CallName, Typed } from '#schema'
import { divided } from './divided.ts'

/** An argument as SQL in the form of its kind, with its type. */
export interface Argument {
  readonly value: Sql
  readonly typed: Typed
}

/** A function of values as SQL. */
export function callToSql(name: CallName, args: readonly Argument[]): Sql {
  const values = args.map(({ value }) => value)
  const [a, b] = values as [Sql, Sql]
  const float = args.some(({ typed }) => typed.type.kind === 'float')
  switch (name) {
    case 'plus':
      return sql`(${sql.join(floats(args, float), ' + ')})`
    case 'minus':
      return sql`(${sql.join(floats(args, float), ' - ')})`
    case 'times':
      return sql`(${sql.join(floats(args, float), ' * ')})`
    case 'dividedBy':
    case 'share': {
      const [top, bottom] = floats(args, float) as [Sql, Sql]
      const quotient = float ? sql`(${top} / nullif(${bottom}, 0))` : divided(top, bottom)
      return name === 'share' && float ? sql`(${quotient})::numeric` : quotient
    }
    case 'decimalOf':
      return sql`(${a})::numeric`
    case 'abs':
      return sql`abs(${a})`
    case 'greatest':
    case 'least':
      return extreme(name, args)
    case 'coalesce':
      return sql`coalesce(${sql.join(values, ', ')})`
    case 'concat':
      return args.length === 0 ? sql`''` : sql`(${sql.join(args.map(textOf), ' || ')})`
    case 'lower':
      return sql`lower(${a})`
    case 'upper':
      return sql`upper(${a})`
    case 'length':
      return sql`(char_length(${a})::numeric)`
    case 'days':
      return sql`((${dayOf(args[1]!)} - ${dayOf(args[0]!)})::numeric)`
    case 'minutes':
      return sql`trunc(extract(epoch from (${b} - ${a})) / 60)`
    default:
      return unreachable(name)
  }
}

/** Where one is a floating-point number, all are. */
function floats(args: readonly Argument[], float: boolean): readonly Sql[] {
  return args.map(({ value, typed }) =>
    float && typed.type.kind !== 'float' ? sql`(${value})::double precision` : value,
  )
}

/** Texts by code point, whatever the locale. */
function extreme(name: 'greatest' | 'least', args: readonly Argument[]): Sql {
  const values = args.map(({ value, typed }) => (typed.type.kind === 'text' ? sql`(${value}) collate "C"` : value))
  return sql`${sql.raw(name)}(${sql.join(values, ', ')})`
}

/** Null is empty; numbers are written without trailing zeros. Joined by `||`, which is immutable: `concat` is not. */
function textOf({ value, typed }: Argument): Sql {
  const text = typed.type.kind === 'text' ? value : sql`trim_scale(${value})::text`
  return typed.optional ? sql`coalesce(${text}, '')` : text
}

function dayOf({ value, typed }: Argument): Sql {
  return typed.type.kind === 'date' ? value : sql`((${value}) at time zone 'UTC')::date`
}
