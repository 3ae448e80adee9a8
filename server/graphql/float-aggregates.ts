import { TYPES } from '@dataplan/pg'
import { type SQL, sql } from 'pg-sql2'

/** Aggregates that compute new numbers. */
const computing: Readonly<Record<string, (values: SQL) => SQL>> = {
  sum: (values) => sql`coalesce(sum(${values}), 0)`,
  average: (values) => sql`avg(${values})`,
  stddevSample: (values) => sql`stddev_samp(${values})`,
  stddevPopulation: (values) => sql`stddev_pop(${values})`,
  varianceSample: (values) => sql`var_samp(${values})`,
  variancePopulation: (values) => sql`var_pop(${values})`,
}

const floats: ReadonlySet<unknown> = new Set([TYPES.float, TYPES.float4])

/**
 * How an aggregate of floats is computed: exactly, and held as a float at the end. Postgres would raise as soon as a sum or a
 * square leaves the range, and two rows could keep everybody from totals. What is out of range is null, what is too small is zero.
 *
 * @returns null where the aggregate cannot leave the range, or the values are no floats
 */
export function floatAggregate(id: string, value: SQL, codec: unknown): SQL | null {
  const compute = Object.hasOwn(computing, id) ? computing[id]! : null
  if (compute === null || !floats.has(codec)) return null
  // By their shortest texts: a cast keeps no more than 15 digits. Postgres computes an aggregate once that is written more often.
  const exact = compute(sql`(${value})::text::numeric`)
  return sql`(case when abs(${exact}) <= 1.7976931348623157e308 then case when abs(${exact}) >= 5e-324 then (${exact})::float8 else 0 end end)`
}
