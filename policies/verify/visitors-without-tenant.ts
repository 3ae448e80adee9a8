import { hasTenant, isShared, type Verification } from '#schema'

/**
 * Rules that allow something to everyone in an entity of tenants: visitors have no tenant, so they see none of its rows. `everyoneExcept` is
 * not told: of those who are signed in nothing else says it.
 */
export function warnOfVisitorsWithoutTenant({ model, entities, problems }: Verification): void {
  for (const policy of model.policies) {
    const entity = entities.get(policy.entity)
    if (entity === undefined || !hasTenant(entity) || isShared(entity)) continue
    for (const rule of policy.rules) {
      if (rule.effect !== 'allow' || rule.audience.kind !== 'everyone') continue
      const message = `Visitors get nothing by this: they have no tenant, and each row of "${entity.name}" is a tenant's.`
      const hint = 'Allow it to `signedIn`; what all the world may see is an entity with `tenant: false`.'
      problems.warn('RULE_VISITORS_UNREACHED', { path: [entity.name, 'policy', rule.title], part: 'key' }, message, {
        hint,
      })
    }
  }
}
