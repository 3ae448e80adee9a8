import { hasDeletedAt } from '../model/built-ins.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** Only rows that can be removed go along with others. */
export function verifyRemovals({ model, entities, problems }: Verification): void {
  for (const entity of model.entities) {
    for (const relation of toOnesOf(entity)) {
      const target = entities.get(relation.to)
      if (target === undefined || relation.onRemove !== 'cascade') continue
      // Of rows that are never changed it is told as IMMUTABLE_CHANGED.
      if (hasDeletedAt(entity) || !hasDeletedAt(target) || entity.immutable) continue
      const base = [entity.name, 'relations', relation.name]
      const path = relation.part ? base : [...base, 'onRemove']
      const message = `Rows of "${entity.name}" are never removed: they have no "deletedAt".`
      const instead = relation.part
        ? `Say one('${relation.to}', { onDelete: 'cascade' }) instead of partOf`
        : 'Say `restrict` or `keep`'
      const hint = `${instead}, or let "${entity.name}" have "deletedAt".`
      problems.report('RELATION_REMOVE_IMPOSSIBLE', { path }, message, { hint })
    }
  }
}
