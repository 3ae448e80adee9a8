import type { Entity, ModelPath } from '../model/model.ts'
import type { Verification } from './context.ts'

/** Adopted tables get no columns, checks and indexes, so what would need some is refused instead of forgotten. */
export function verifyAdopted({ model, problems }: Verification): void {
  for (const entity of model.entities) {
    if (entity.source.kind !== 'adopted') continue
    for (const { path, what } of needs(entity)) {
      const message = `${what} needs something in the table, and adopted tables stay as they are.`
      const hint = 'Leave it out here, and let the database say it.'
      problems.report('ADOPTED_OPTION_UNSUPPORTED', { path, part: 'key' }, message, { hint })
    }
  }
}

interface Need {
  readonly path: ModelPath
  readonly what: string
}

function needs(entity: Entity): readonly Need[] {
  const { name, rules, noOverlap, indexes, relations, fields, unique } = entity
  const some = (key: string, what: string, is: boolean): readonly Need[] => (is ? [{ path: [name, key], what }] : [])
  const isSpecial = unique.some((each) => each.where !== null || each.nulls === 'equal')
  return [
    ...some('rules', 'A rule of the entity', rules.length > 0),
    ...some('noOverlap', 'What may not overlap', noOverlap.length > 0),
    ...some('indexes', 'An index', indexes.length > 0),
    ...some('history', 'A history', entity.history),
    ...some('lifecycle', 'A lifecycle', entity.lifecycle !== null),
    ...some('unique', 'A unique of that kind', isSpecial),
    ...relations
      .filter(({ kind }) => kind === 'oneOf')
      .map((relation) => ({ path: [name, 'relations', relation.name], what: 'A relation to one of several' })),
    ...fields
      .filter(({ numbering }) => numbering !== null)
      .map((field) => ({ path: [name, 'fields', field.name], what: 'A number of a series' })),
  ]
}
