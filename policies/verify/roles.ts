import { snakeCase } from '#base'
import {
  didYouMeanHint,
  type Problems,
  type Role,
  reservedRoleEnd,
  reservedRoleNames,
  type Verification,
  verifyLength,
} from '#schema'

/** Roles have names that Postgres roles can have, and include each other without going round. */
export function verifyRoles({ model, problems }: Verification): void {
  const taken = new Map<string, string>()
  for (const role of model.roles) {
    verifyRoleName(role.name, model.app, problems)
    const snake = snakeCase(role.name)
    const known = taken.get(snake)
    if (known !== undefined) {
      const message = `"${role.name}" and "${known}" both become the Postgres role "${model.app}_${snake}".`
      problems.report('NAME_CLASH', { path: ['roles', role.name], part: 'key' }, message, {
        hint: 'Rename one of them.',
      })
    }
    taken.set(snake, role.name)
    verifyIncludes(role, model.roles, problems)
    for (const part of apiParts) if (role[part.by] === true) verifyApiNames(role, part, { model, problems })
  }
}

/** A part of the API that is there for roles that may do something beside what rules say. */
interface ApiPart {
  readonly by: 'publishesScripts' | 'managesJobs'
  readonly what: string
  readonly names: readonly string[]
  readonly plurals: readonly string[]
}

const apiParts: readonly ApiPart[] = [
  {
    by: 'publishesScripts',
    what: 'scripts that "…" publishes',
    names: ['Script', 'TenantScript', 'TenantScriptRun'],
    plurals: ['TenantScripts', 'TenantScriptRuns'],
  },
  { by: 'managesJobs', what: 'jobs that "…" manages', names: ['FailedJob'], plurals: ['FailedJobs'] },
]

function verifyApiNames(
  role: Role,
  { by, what, names, plurals }: ApiPart,
  { model, problems }: Pick<Verification, 'model' | 'problems'>,
): void {
  const taken = model.entities.find(({ name, plural }) => names.includes(name) || plurals.includes(plural))
  if (taken === undefined) return
  const other = what.replace('…', role.name)
  const message = `The API cannot have both "${taken.name}" and ${other}: names of their mutations would be the same.`
  problems.report('NAME_CLASH', { path: ['roles', role.name, by] }, message, {
    hint: `Rename the entity "${taken.name}".`,
  })
}

function verifyRoleName(name: string, app: string, problems: Problems): void {
  const place = { path: ['roles', name], part: 'key' } as const
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) {
    const hint = 'Names of roles begin with a small letter and have letters and digits only.'
    problems.report('NAME_INVALID', place, `"${name}" cannot be the name of a role.`, { hint })
    return
  }
  const snake = snakeCase(name)
  if (reservedRoleEnd.test(snake)) {
    const hint = 'Names that end like this belong to the Postgres roles that Rowhouse makes itself: call it otherwise.'
    problems.report('NAME_RESERVED', place, `"${name}" is taken.`, { hint })
  } else if (reservedRoleNames.has(snake) || /^(set|not|both|fact)_/.test(snake)) {
    const hint = 'Rowhouse makes Postgres roles of such names itself: call it otherwise.'
    problems.report('NAME_RESERVED', place, `"${name}" is taken.`, { hint })
  }
  verifyLength(`${app}_${snake}`, place.path, problems)
}

function verifyIncludes(role: Role, roles: readonly Role[], problems: Problems): void {
  const names = roles.map(({ name }) => name)
  for (const included of role.includes) {
    const place = { path: ['roles', role.name, 'includes', included] }
    if (!names.includes(included)) {
      const hint = didYouMeanHint(included, names)
      problems.report('ROLE_INCLUDES_INVALID', place, `There is no role "${included}".`, { hint })
    } else if (includesTransitively(included, role.name, roles)) {
      const message = `"${included}" includes "${role.name}": going round, both would be one role.`
      problems.report('ROLE_INCLUDES_INVALID', place, message)
    }
  }
}

/** True when `from` is `target` or includes it, over any number of roles. */
function includesTransitively(from: string, target: string, roles: readonly Role[]): boolean {
  const seen = new Set<string>()
  const pending = [from]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === target) return true
    if (seen.has(name)) continue
    seen.add(name)
    pending.push(...(roles.find((role) => role.name === name)?.includes ?? []))
  }
  return false
}
