import { columnParts } from '../model/to-ones.ts'
import type { Verification } from './context.ts'
import { columnHint } from './part-hint.ts'
import { writtenOffset } from './written-list.ts'

/** What an index carries along is there, is not a key of it already, and can be carried. */
export function verifyIndexInclude(check: Verification): void {
  for (const entity of check.model.entities) {
    const known = columnParts(entity).map(({ name }) => name)
    const offset = writtenOffset(check, entity, 'indexes')
    entity.indexes.forEach((index, position) => {
      const path = [entity.name, 'indexes', position - offset, 'include']
      const report = (at: number, message: string, hint: string | null) =>
        check.problems.report('INDEX_INCLUDE_INVALID', { path: [...path, at] }, message, { hint })
      if (index.include.length > 0 && index.using !== 'btree' && index.using !== 'gist') {
        const message = `An index by ${index.using} carries nothing along.`
        check.problems.report('INDEX_INCLUDE_INVALID', { path }, message, { hint: 'Leave "include" or "using" out.' })
        return
      }
      index.include.forEach((name, at) => {
        if (index.on.some((key) => key.name === name)) report(at, `"${name}" is a key of the index already.`, null)
        else if (index.include.indexOf(name) !== at) report(at, `"${name}" is listed twice.`, null)
        else if (!known.includes(name))
          report(at, `"${entity.name}" has no column for "${name}".`, columnHint(entity, name, known))
      })
    })
  }
}
