import { type PgCodec, TYPES } from '@dataplan/pg'
import { type SQL, sql } from 'pg-sql2'
import { type PeriodEnds, periodText } from '#schema'

const suffix = '-period'

/**
 * A range in Postgres, `{ from, to }` in GraphQL. In between it is the text of a range that Postgres reads back as the same one, because
 * cursors hold such values; of days the last one is in it.
 */
export function periodCodec(of: 'date' | 'datetime'): PgCodec {
  const element = of === 'date' ? TYPES.date : TYPES.timestamptz
  const end = (frag: SQL) => (of === 'date' ? sql`upper(${frag}) - 1` : sql`upper(${frag})`)
  const bound = (value: SQL) => sql`coalesce('"' || ${element.castFromPg!(sql`(${value})`)} || '"', '')`
  const castFromPg = (frag: SQL) =>
    sql`case when ${frag} is null then null else '[' || ${bound(sql`lower(${frag})`)} || ',' || ${bound(end(frag))} || ${sql.literal(of === 'date' ? ']' : ')')} end`
  return {
    ...element,
    name: `${of}${suffix}`,
    sqlType: of === 'date' ? sql`daterange` : sql`tstzrange`,
    castFromPg,
    toPg: (ends: unknown) => periodText(of, ends as PeriodEnds) ?? 'empty',
    extensions: { rowhousePeriod: of },
  } as unknown as PgCodec
}

/** `DatePeriod` and `DatePeriodInput` */
export function periodTypeName(of: 'date' | 'datetime', situation: 'input' | 'output'): string {
  const name = of === 'date' ? 'DatePeriod' : 'DatetimePeriod'
  return situation === 'input' ? `${name}Input` : name
}

/** What the ends of a period's codec are; null for any other codec. */
export function periodOf(codec: PgCodec): 'date' | 'datetime' | null {
  return (codec.extensions as { readonly rowhousePeriod?: 'date' | 'datetime' } | undefined)?.rowhousePeriod ?? null
}

/** The ends of a period that came by its codec. */
export function periodEnds(text: string): PeriodEnds {
  const [, from = '', to = ''] = /^\["?([^",]*)"?,"?([^",]*)"?[\])]$/.exec(text) ?? []
  return { from: from === '' ? null : from, to: to === '' ? null : to }
}
