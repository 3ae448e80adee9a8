import { type Sql, sql, unreachable } from '#base'
import { type CallName, mayBeNull, mostCharacters, spoils, type Typed } from '#schema'
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
  switch (name) {
    case 'plus':
      return sql`(${sql.join(values, ' + ')})`
    case 'minus':
      return sql`(${sql.join(values, ' - ')})`
    case 'times':
      return sql`(${sql.join(values, ' * ')})`
    case 'dividedBy':
      // Floats keep as many digits as floats have, however small they are.
      return args.some(({ typed }) => typed.type.kind === 'float') ? sql`(${a} / nullif(${b}, 0))` : divided(a, b)
    case 'share':
      return divided(a, b)
    case 'decimalOf':
      return a
    case 'abs':
      return sql`abs(${a})`
    case 'greatest':
    case 'least':
      return extreme(name, args)
    case 'coalesce':
      return sql`coalesce(${sql.join(values, ', ')})`
    case 'concat':
      return concatenated(args)
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

/** Texts by code point, whatever the locale. Null where one is out of range: nobody knows which is the extreme then. */
function extreme(name: 'greatest' | 'least', args: readonly Argument[]): Sql {
  const values = args.map(({ value, typed }) => (typed.type.kind === 'text' ? sql`(${value}) collate "C"` : value))
  const doubts = args.filter(({ typed }) => spoils(typed)).map(({ value }) => sql`${value} is null`)
  const found = sql`${sql.raw(name)}(${sql.join(values, ', ')})`
  return doubts.length === 0 ? found : sql`(case when ${sql.join(doubts, ' or ')} then null else ${found} end)`
}

/** A text has room for so much of each part that the whole can be made. */
function concatenated(args: readonly Argument[]): Sql {
  if (args.length === 0) return sql`''`
  const longest = args.reduce((sum, { typed }) => sum + (typed.type.kind === 'text' ? typed.range!.hi : 2000n), 0n)
  const room = Math.floor(mostCharacters / args.length)
  const parts = args.map(textOf)
  const cut =
    longest <= BigInt(mostCharacters) ? parts : parts.map((part) => sql`"left"(${part}, ${sql.literal(room)})`)
  return sql`(${sql.join(cut, ' || ')})`
}

/** Null is empty; numbers are written without trailing zeros. Joined by `||`, which is immutable: `concat` is not. */
function textOf({ value, typed }: Argument): Sql {
  const text = typed.type.kind === 'text' ? value : sql`trim_scale(${value})::text`
  return mayBeNull(typed) ? sql`coalesce(${text}, '')` : text
}

function dayOf({ value, typed }: Argument): Sql {
  return typed.type.kind === 'date' ? value : sql`((${value}) at time zone 'UTC')::date`
}
