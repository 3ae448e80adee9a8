import { type Sql, sql, unreachable } from '#base'
import { joinedCharacters, type ListRead, spoils, type Typed } from '#schema'
import { divided } from './divided.ts'

/** What keeps the whole of a list from being known. */
export interface Doubt {
  /** SQL that is true of a row which may belong to the list or not; null when there is no such row. */
  readonly unclear: Sql | null
  /** The type of the values; null where rows alone are counted. */
  readonly known: Typed | null
}

/** Null where a row may belong to the list or not, or has a value that is out of range: nobody knows the whole then. */
export function unlessSpoilt(value: Sql, name: Sql, { unclear, known }: Doubt): Sql {
  const doubts = [
    ...(unclear === null ? [] : [sql`${name}.u`]),
    ...(known !== null && spoils(known) ? [sql`${name}.v is null`] : []),
  ]
  return doubts.length === 0 ? value : sql`case when bool_or(${sql.join(doubts, ' or ')}) then null else ${value} end`
}

/** What a list gives of the values of its rows. */
export function aggregateOf(
  name: Exclude<ListRead['name'], 'first' | 'join' | 'exists'>,
  value: Sql,
  isText: boolean,
): Sql {
  const byCode = isText ? sql` collate "C"` : sql.empty
  switch (name) {
    case 'count':
      return sql`count(*)::numeric`
    case 'sum':
      return sql`coalesce(sum(${value}), 0)`
    case 'average':
      return divided(sql`sum(${value})`, sql`count(${value})`)
    case 'min':
      return sql`min(${value}${byCode})`
    case 'max':
      return sql`max(${value}${byCode})`
    case 'countDistinct':
      return sql`count(distinct ${value})::numeric`
    default:
      return unreachable(name)
  }
}

/** Texts in their order, as many as the whole has room for: one row with another million characters must not fail it. */
export function joinToSql(list: ListRead, from: Sql, name: Sql, doubt: Doubt): Sql {
  const separator = sql.literal(list.separator ?? '')
  const value = sql`${name}.v`
  const order = sql`order by ${value} collate "C"`
  const used = sql`sum(char_length(${value}) + ${sql.literal((list.separator ?? '').length)}) over (${order} rows unbounded preceding)`
  const flag = doubt.unclear === null ? sql.empty : sql`, ${name}.u`
  const measured = sql`from (select ${value}, ${used} as used${flag} ${from}) ${name}`
  const fitting = sql`string_agg(${value}, ${separator} ${order}) filter (where ${name}.used <= ${sql.literal(joinedCharacters)})`
  return sql`(select ${unlessSpoilt(sql`coalesce(${fitting}, '')`, name, doubt)} ${measured})`
}
