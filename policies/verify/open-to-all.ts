import { hasTenant, type Rule, type Verification } from '#schema'
import { namesCaller } from './rule-reach.ts'

/** Rules that let visitors write any row: nobody who sends a request is kept from it. */
export function warnOfRulesOpenToAll({ model, entities, problems }: Verification): void {
  for (const policy of model.policies) {
    const entity = entities.get(policy.entity)
    for (const rule of policy.rules) {
      // Visitors have no tenant: rows of tenants are closed to them.
      if (entity === undefined || hasTenant(entity) || !isOpenToAll(rule)) continue
      const verbs = rule.verbs === 'anything' ? 'do anything with' : rule.verbs.filter(isWrite).join(', ')
      const message = `Visitors may ${verbs} every "${entity.name}": this asks neither who they are nor which row it is.`
      const hint =
        'Allow it to `signedIn` or to a role, or say of which rows with `where`. If that is meant, allow `read` and `create` alone.'
      problems.warn('RULE_OPEN_TO_ALL', { path: [entity.name, 'policy', rule.title], part: 'key' }, message, { hint })
    }
  }
}

/** Rows that visitors make (sign-ups, messages) are usual; rows that they change are not. */
function isOpenToAll(rule: Rule): boolean {
  if (rule.effect !== 'allow' || rule.where !== null || namesCaller(rule)) return false
  if (rule.audience.kind !== 'everyone' && rule.audience.kind !== 'except') return false
  return rule.verbs === 'anything' || rule.verbs.some(isWrite)
}

function isWrite(verb: string): boolean {
  return verb !== 'read' && verb !== 'create'
}
