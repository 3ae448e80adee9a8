import {
  type ActionsDeclaration,
  type AppAction,
  type AppAudience,
  completeAction,
  didYouMeanHint,
  isPlainObject,
  type ModelPath,
  type Problems,
  type Role,
} from '#schema'
import { readAudience } from './audience.ts'

/** What can be done with the app, in order. An action that nobody is allowed to do is a mistake. */
export function completeAppActions(
  declared: ActionsDeclaration | null,
  roles: readonly Role[],
  problems: Problems,
): readonly AppAction[] {
  const given: unknown = declared?.actions ?? {}
  if (!isPlainObject(given)) {
    problems.report('OPTION_INVALID', { path: ['actions'] }, '"defineActions" takes actions by their names.')
    return []
  }
  return Object.entries(given).flatMap(([name, each]) => {
    const path = ['actions', name]
    const { action, more } = completeAction(name, each, { owner: '', path, more: 'allow' }, problems)
    const audience = readAllow(more, path, roles, problems)
    return audience === null ? [] : [{ ...action, audience }]
  })
}

function readAllow(given: unknown, path: ModelPath, roles: readonly Role[], problems: Problems): AppAudience | null {
  const hint = 'Say `allow`: a role, a list of roles, signedIn or everyone.'
  if (given === undefined) {
    const message = 'Nobody may do this action: nothing is allowed that nothing allows.'
    problems.report('RULE_AUDIENCE_INVALID', { path, part: 'key' }, message, { hint })
    return null
  }
  const audience = readAudience(given, [...path, 'allow'], problems)
  if (audience?.kind === 'except') {
    const message = 'An action of the app says who may do it, not who may not.'
    problems.report('RULE_AUDIENCE_INVALID', { path: [...path, 'allow'] }, message, { hint })
    return null
  }
  const known = roles.map(({ name }) => name)
  for (const role of audience?.kind === 'roles' ? audience.roles : [])
    if (!known.includes(role)) {
      const place = { path: [...path, 'allow', role] }
      problems.report('RULE_ROLE_UNKNOWN', place, `There is no role "${role}".`, { hint: didYouMeanHint(role, known) })
    }
  return audience
}
