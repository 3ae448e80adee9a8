import type pg from 'pg'

const functions = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'cmp'].map((name) =>
  name === 'cmp' ? 'numeric_cmp' : `numeric_${name}`,
)

/** Whether the current database has the marks of {@link markLeakproof}. */
export async function isMarkedLeakproof(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query(
    'select bool_and(proleakproof) as marked from pg_catalog.pg_proc where pronamespace = $1::regnamespace and proname = any ($2)',
    ['pg_catalog', functions],
  )
  return rows[0].marked
}

/**
 * Marks the comparisons of `numeric` as leakproof in the current database, so that an index on a money or decimal column serves behind a policy.
 * They raise no error and say nothing about their arguments but the answer; Postgres leaves the mark off only because it was never proven
 * for every path. Needs a superuser, hence only on the embedded cluster, where template1 gets it and with it every database made later.
 */
export async function markLeakproof(client: pg.ClientBase): Promise<void> {
  for (const name of functions) {
    await client.query(`alter function pg_catalog.${name}(numeric, numeric) leakproof`)
  }
}
