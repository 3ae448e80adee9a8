import { type Entity, ruleCovers } from '#schema'
import type { ModelIndex } from '../to-sql/model-index.ts'

/** True of a field that some reader of the row may not see. The key and the built-in fields show with the row. */
export function isGuarded(entity: Entity, name: string, index: ModelIndex): boolean {
  if (entity.key.includes(name) || entity.fields.some((field) => field.builtIn && field.name === name)) return false
  return (index.rules.get(entity.name) ?? [])
    .filter((rule) => rule.fields !== null && ruleCovers(entity, rule, 'read'))
    .some(({ effect, fields }) => fields!.includes(name) === (effect === 'reserve'))
}
