import { isRemovable } from '../model/built-ins.ts'
import type { Verification } from './context.ts'

/** Only rows that can be removed go along with others. */
export function verifyRemovals({ model, entities, problems }: Verification): void {
  for (const entity of model.entities) {
    for (const relation of entity.relations) {
      const target = relation.kind === 'one' ? entities.get(relation.to) : undefined
      if (relation.kind !== 'one' || target === undefined || relation.onRemove !== 'cascade') continue
      if (isRemovable(entity) || !isRemovable(target)) continue
      const path = [entity.name, 'relations', relation.name, 'onRemove']
      const message = `Rows of "${entity.name}" are never removed: they have no "deletedAt".`
      const hint = `Say \`restrict\` or \`keep\`, or let "${entity.name}" have "deletedAt".`
      problems.report('RELATION_REMOVE_IMPOSSIBLE', { path }, message, { hint })
    }
  }
}
