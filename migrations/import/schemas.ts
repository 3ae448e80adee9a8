import { sql } from '#base'

/** Which schemas to read; empty: all that are not Postgres's own. */
export type Schemas = readonly string[]

/** What a schema `n` must be to be read. */
export function ofSomebody(schemas: Schemas) {
  if (schemas.length > 0) return sql`n.nspname = any (${sql.value(schemas)})`
  return sql`n.nspname <> 'information_schema' and n.nspname !~ '^pg_'`
}
