import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AppFiles } from '../schema/written-app.ts'

const folder = join(import.meta.dirname, '../fixtures/apps/workflow')

/** The app of `test/fixtures/apps/workflow`: orders with states, guards and a number that a transition gives. */
export const workflowApp: AppFiles = Object.fromEntries(
  ['schema/all.entity.ts', 'policies/all.policy.ts'].map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
)

/** Roles of the app, each a role set of its own. */
export const workflowRoles = ['admin', 'clerk', 'manager', 'guest', 'stranger'] as const
