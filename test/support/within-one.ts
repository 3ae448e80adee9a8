import { expect } from 'vitest'
import type { TestDatabase } from './database.ts'

/** Part of a timestamp that must not change under a test. */
export type Period = 'year' | 'day'

/**
 * Runs the body of a test within one year, or one day, of Postgres's clock in UTC. A body that fails because the clock turned meanwhile is run again, so it
 * begins with rows of its own: `attempt` is another number then.
 *
 * @param body is given the beginning of the period, as in 2026-01-01
 */
export async function withinOne(
  period: Period,
  database: TestDatabase,
  body: (beginning: string, attempt: number) => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const beginning = await beginningOf(period, database)
    try {
      return await body(beginning, attempt)
    } catch (error) {
      if ((await beginningOf(period, database)) === beginning) throw error
      // Midnight comes once; a clock that runs wild is nobody's excuse.
      expect(attempt).toBe(1)
    }
  }
}

async function beginningOf(period: Period, { migrator }: TestDatabase): Promise<string> {
  const text = `select date_trunc($1, now() at time zone 'utc')::date::text as beginning`
  return (await migrator.query<{ beginning: string }>(text, [period])).rows[0]!.beginning
}
