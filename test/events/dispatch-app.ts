import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AppFiles } from '../schema/written-app.ts'
import type { TestDatabase } from '../support/database.ts'

const folder = join(import.meta.dirname, '../fixtures/apps/dispatch')

/** The app of `test/fixtures/apps/dispatch`: rows of every kind, with events. */
export const dispatchApp: AppFiles = Object.fromEntries(
  ['schema/all.entity.ts', 'policies/all.policy.ts'].map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
)

/** An event as it was written down. */
export interface WrittenEvent {
  readonly id: string
  readonly tenant_id: string | null
  readonly entity: string
  readonly type: string
  readonly key: string
  readonly revision: string
  readonly at: Date
  readonly actor_id: string | null
  readonly data: { readonly changed: readonly string[]; readonly values: object } & Readonly<Record<string, unknown>>
  readonly version: number
}

/** All events, or those of a row, in their order. */
export async function eventsIn(database: TestDatabase, key: string | null = null): Promise<readonly WrittenEvent[]> {
  const text = 'select * from rowhouse.event where $1::text is null or key = $1 order by revision'
  return (await database.asOwner((client) => client.query<WrittenEvent>(text, [key]))).rows
}
