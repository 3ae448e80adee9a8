import { type Rule, ruleCovers, type Verification, verbsOf } from '#schema'
import { isAudienceWithin } from './rule-reach.ts'

/** Rules that name a field which another rule reserves for others: the grant does nothing. */
export function warnOfCrossedReserves({ model, entities, problems, app }: Verification): void {
  for (const { entity: name, rules } of model.policies) {
    const entity = entities.get(name)
    if (entity === undefined) continue
    const reserves = rules.filter(({ effect }) => effect === 'reserve')
    const declaration = app.declarations.find((each) => each.kind === 'policy' && each.of === name)
    for (const rule of reserves.length === 0 ? [] : rules) {
      if (rule.effect !== 'allow') continue
      for (const field of namedOnly(declaration, rule)) {
        const own = reserves.filter(
          (each) =>
            each.fields?.includes(field) &&
            verbsOf(entity).some((verb) => ruleCovers(entity, each, verb) && ruleCovers(entity, rule, verb)),
        )
        if (own.length === 0 || own.some((each) => isAudienceWithin(rule.audience, each.audience, model.roles)))
          continue
        const message = `"${field}" is reserved by "${own[0]!.title}": whom this rule allows it does not get it by it.`
        const hint = 'Leave the field out of "only", or reserve it for these people too.'
        problems.warn('RULE_RESERVE_CROSSED', { path: [name, 'policy', rule.title, 'only', field] }, message, { hint })
      }
    }
  }
}

/** Fields that the author wrote after `only`; `except` grants everything else, which reserves narrow as meant. */
function namedOnly(
  declaration: Verification['app']['declarations'][number] | undefined,
  rule: Rule,
): readonly string[] {
  const given: unknown = declaration?.kind === 'policy' ? declaration.declared.rules[rule.title] : null
  const isNamed = typeof given === 'object' && given !== null && Object.hasOwn(given, 'only')
  return isNamed ? (rule.fields ?? []) : []
}
