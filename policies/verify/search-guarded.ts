import type { Verification } from '#schema'
import { guardedNames } from '../to-sql/guarded-fields.ts'
import { indexModel } from '../to-sql/model-index.ts'

/** Whoever finds a row by a word knows that it holds the word: nobody is to find it by a field that they do not see. */
export function verifySearchGuarded({ model, problems }: Verification): void {
  // Rules that are not sound do not say who sees what.
  if (problems.list.length > 0) return
  const index = indexModel(model)
  for (const entity of model.entities) {
    if (entity.search === null) continue
    const guarded = guardedNames(entity, index)
    for (const { name } of entity.search.fields) {
      if (!guarded.has(name)) continue
      const path = [entity.name, 'search', name]
      const message = `Some who read rows of "${entity.name}" do not see "${name}", and would find them by its words.`
      const hint = `Take "${name}" out of the search, or let everybody who reads the row see it.`
      problems.report('SEARCH_FIELD_GUARDED', { path, part: 'key' }, message, { hint })
    }
  }
}
