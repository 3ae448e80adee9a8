import { type Audience, kindOf, type ModelPath, type Problems, type WordDeclaration } from '#schema'

/** Whom a rule names: a role, a list of roles, `signedIn` or `everyone`. Null with a report for anything else. */
export function readAudience(given: unknown, path: ModelPath, problems: Problems): Audience | null {
  if (kindOf(given) === 'word') {
    const { word } = given as WordDeclaration
    if (word === 'signedIn' || word === 'everyone') return { kind: word }
  }
  const roles: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (roles.length > 0 && roles.every((role) => typeof role === 'string'))
    return { kind: 'roles', roles: [...new Set(roles)] }
  const hint = 'Write a role, a list of roles, signedIn or everyone.'
  problems.report('RULE_AUDIENCE_INVALID', { path }, 'This does not say for whom the rule is.', { hint })
  return null
}
