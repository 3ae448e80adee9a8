import type { Problems } from '../load/problems.ts'
import type { Entity, EntityRule } from '../model/model.ts'
import { readCondition } from './condition.ts'
import type { ConditionContext } from './condition-context.ts'
import { entriesOf, readText } from './options.ts'

/** Reads `rules` of an entity: a title and what always holds of a row. */
export function completeRules(given: unknown, entity: Entity, context: ConditionContext): readonly EntityRule[] {
  const path = [entity.name, 'rules']
  return entriesOf(given, path, context.problems).flatMap(([title, written]) => {
    const at = [...path, title]
    const isSound = readText(title, at, context.problems, 'key') !== null && isShort(title, at, context.problems)
    const where = readCondition(written, { entity, path: at }, context)
    return isSound && where !== null ? [{ title, where }] : []
  })
}

/** A sentence, shown to whoever breaks it. */
const maxTitle = 200

function isShort(title: string, path: readonly string[], problems: Problems): boolean {
  if (Array.from(title).length <= maxTitle) return true
  problems.report('TEXT_INVALID', { path, part: 'key' }, `A title has at most ${maxTitle} characters.`)
  return false
}
