import { namesIn } from '../model/names-in.ts'
import type { Verification } from './context.ts'

/** A rule is about something that somebody writes. */
export function verifyRuleFields({ model, problems }: Verification): void {
  for (const entity of model.entities) {
    const kept = new Set(
      entity.fields.filter(({ builtIn, name }) => builtIn && name !== 'status').map((each) => each.name),
    )
    for (const { title, where } of entity.rules) {
      const names = namesIn(where)
      const place = { path: [entity.name, 'rules', title], part: 'key' } as const
      if (names.has('deletedAt')) {
        const hint = 'Who may remove rows is said by the policy.'
        problems.report('ENTITY_RULE_FIELDLESS', place, 'A rule about "deletedAt" would refuse removals.', { hint })
      } else if ([...names].every((name) => kept.has(name))) {
        const message = 'This rule is only about what Rowhouse itself writes.'
        problems.report('ENTITY_RULE_FIELDLESS', place, message, { hint: 'Name a field of the entity.' })
      }
    }
  }
}
