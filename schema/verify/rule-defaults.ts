import type { Entity } from '../model/model.ts'
import { namesIn } from '../model/names-in.ts'
import type { Verification } from './context.ts'
import { truthOf } from './rule-truth.ts'
import type { Known } from './scalar-order.ts'

/** A row whose values are the defaults breaks no rule: else whoever leaves them out is refused. */
export function verifyRuleDefaults({ model, problems }: Verification): void {
  for (const entity of model.entities) {
    const known = defaultsOf(entity)
    for (const { title, where } of entity.rules) {
      if (truthOf(where, entity, known) !== false) continue
      const values = [...known]
        .filter(([name]) => namesIn(where).has(name))
        .map(([name, value]) => `"${name}" ${value}`)
      const message = `A new row that leaves its defaults breaks this: ${values.join(', ')}.`
      const hint = 'Choose a default that the rule allows, or take the default away.'
      problems.report('ENTITY_RULE_DEFAULT_BROKEN', { path: [entity.name, 'rules', title], part: 'key' }, message, {
        hint,
      })
    }
  }
}

function defaultsOf({ fields }: Entity): ReadonlyMap<string, Known> {
  return new Map(
    fields.flatMap(({ name, default: fallback }) => {
      const value = fallback?.kind === 'value' ? fallback.value : null
      const isKnown = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      return isKnown ? [[name, value] as const] : []
    }),
  )
}
