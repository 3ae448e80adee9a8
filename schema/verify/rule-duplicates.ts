import { canonicalJson } from '#base'
import type { Verification } from './context.ts'

/** Two rules of an entity say different things. */
export function verifyRuleDuplicates({ model, problems }: Verification): void {
  for (const { name, rules } of model.entities) {
    const first = new Map<string, string>()
    for (const { title, where } of rules) {
      const meaning = canonicalJson(where)
      const known = first.get(meaning)
      if (known === undefined) first.set(meaning, title)
      else {
        const message = `This says the same as "${known}".`
        problems.report('ENTITY_RULE_DUPLICATE', { path: [name, 'rules', title], part: 'key' }, message, {
          hint: 'Leave one of them out.',
        })
      }
    }
  }
}
