import { sql } from '#base'

/**
 * SQL: what somebody set on the column `a` of `pg_attribute`, as `n_distinct=5`, or null.
 * Postgres keeps notes of its own there since its releases of November 2026 (15.20: `pg_attver`), which differ between databases.
 */
export const columnOptions = sql`(
  select nullif(string_agg(o, ', ' order by o), '') from unnest(a.attoptions) o where o not like 'pg\\_%'
)`
