import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AppFiles } from '../schema/written-app.ts'

const folder = join(import.meta.dirname, '../fixtures/apps/archive')

/** The app of `test/fixtures/apps/archive`: orders with everything that a history meets. Guests read what is open, couriers what they are to call for. */
export const ordersApp: AppFiles = Object.fromEntries(
  ['schema/all.entity.ts', 'policies/all.policy.ts'].map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
)
