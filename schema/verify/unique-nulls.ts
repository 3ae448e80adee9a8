import { columnParts } from '../model/to-ones.ts'
import type { Verification } from './context.ts'
import { writtenOffset } from './written-list.ts'

/** `nulls: 'equal'` is said where a value may be missing at all. */
export function verifyUniqueNulls(check: Verification): void {
  for (const entity of check.model.entities) {
    const offset = writtenOffset(check, entity, 'unique')
    const required = new Set(
      columnParts(entity)
        .filter(({ optional }) => !optional)
        .map(({ name }) => name),
    )
    entity.unique.forEach(({ on, nulls }, position) => {
      if (nulls !== 'equal' || !on.every((name) => required.has(name))) return
      const path = [entity.name, 'unique', position - offset, 'nulls']
      const message = 'None of these is ever missing: there are no nulls to be alike.'
      check.problems.report('UNIQUE_NULLS_MEANINGLESS', { path }, message, { hint: 'Leave "nulls" out.' })
    })
  }
}
