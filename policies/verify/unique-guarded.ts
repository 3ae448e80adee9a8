import { ruleCovers, type Verification } from '#schema'

/** Unique fields that not everyone may read: CONFLICT tells who asks that the value is taken. */
export function warnOfGuardedUniques({ model, entities, problems }: Verification): void {
  for (const { entity: name, rules } of model.policies) {
    const entity = entities.get(name)
    if (entity === undefined) continue
    const guarded = rules
      .filter((rule) => rule.effect === 'reserve' && ruleCovers(entity, rule, 'read'))
      .flatMap(({ fields }) => fields ?? [])
    for (const unique of entity.unique) {
      const field = unique.on.find((each) => guarded.includes(each))
      if (field === undefined) continue
      const message = `"${field}" is unique and not everyone may read it: who writes a value that is taken is told so.`
      const hint = 'Reserve writing it for the same people, or let it not be unique.'
      problems.warn('POLICY_UNIQUE_GUARDED', { path: [name, 'fields', field], part: 'key' }, message, { hint })
    }
  }
}
