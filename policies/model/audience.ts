import {
  type Audience,
  type ExceptDeclaration,
  kindOf,
  type ModelPath,
  type Problems,
  type WordDeclaration,
} from '#schema'

/** Whom a rule names: a role, a list of roles, `signedIn`, `everyone` or `everyoneExcept(…)`. Null with a report for anything else. */
export function readAudience(given: unknown, path: ModelPath, problems: Problems): Audience | null {
  if (kindOf(given) === 'word') {
    const { word } = given as WordDeclaration
    if (word === 'signedIn' || word === 'everyone') return { kind: word }
  }
  if (kindOf(given) === 'except') {
    const { roles } = given as ExceptDeclaration
    if (isRoles(roles)) return { kind: 'except', roles: [...new Set(roles)] }
    const hint = "Name the roles: `everyoneExcept('admin')`. Without an exception it is `everyone`."
    problems.report('RULE_AUDIENCE_INVALID', { path }, 'This does not say who is excepted.', { hint })
    return null
  }
  const roles: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (isRoles(roles)) return { kind: 'roles', roles: [...new Set(roles)] }
  const hint = 'Write a role, a list of roles, signedIn, everyone or everyoneExcept(…).'
  problems.report('RULE_AUDIENCE_INVALID', { path }, 'This does not say for whom the rule is.', { hint })
  return null
}

function isRoles(roles: readonly unknown[]): roles is readonly string[] {
  return roles.length > 0 && roles.every((role) => typeof role === 'string')
}
