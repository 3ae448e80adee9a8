import {
  anonymous,
  audienceRoles,
  type MarkerRole,
  markerRoles,
  member,
  owner,
  privateRole,
  reportsRole,
  rolePlaceholder,
  searchRole,
  signedInWord,
} from '#policies'
import type { Model, ModelPath } from '#schema'
import type { RoleName } from '../catalog/catalog.ts'
import { because, type Explaining, type Explanation, listed } from './explanation.ts'

/** Who roles of Postgres are, in the app's own words: `sales and lead`, `everyone signed in`. */
export function roleWords(names: readonly (RoleName | 'public')[], { index }: Explaining): string {
  const words = names.map((name) => {
    const own = index.model.roles.find((role) => rolePlaceholder(role.name) === name)
    return own?.name ?? fixed[name] ?? markerWords(name, index.model) ?? name
  })
  return words.length === 2 && names.includes(member) && names.includes(anonymous) ? 'everyone' : listed(words)
}

const fixed: Readonly<Record<string, string>> = {
  [member]: 'everyone signed in',
  [anonymous]: 'visitors',
  [owner]: 'the owner',
  [privateRole]: 'the functions that decide rules',
  [reportsRole]: 'the selects of reports',
  [searchRole]: 'the functions that find rows by words',
  public: 'everybody',
}

/** `everyone but admin`, visitors too; `agent and viewer at once`. */
function markerWords(name: RoleName | 'public', model: Model): string | null {
  const marker = markerRoles(model).find((each) => each.name === name)
  return marker === undefined ? null : holdersWords(marker)
}

function holdersWords({ all, except }: MarkerRole): string {
  if (all.length === 0) return `everyone but ${listed(except)}`
  const who = all.includes(signedInWord) ? 'everyone signed in' : `${listed(all)}${all.length === 1 ? '' : ' at once'}`
  return except.length === 0 ? who : `${who} but ${listed(except)}`
}

/** Why the app has a role in Postgres. */
export function explainRole(name: RoleName, { index }: Explaining): Explanation {
  const own = index.model.roles.find((role) => rolePlaceholder(role.name) === name)
  const marker = markerRoles(index.model).find((each) => each.name === name)
  if (marker !== undefined && marker.all.length > 0) {
    const held = `Role sets of ${holdersWords(marker)} are members of it.`
    const roles = [...marker.all, ...marker.except].filter((role) => role !== signedInWord)
    return because(
      [held, 'Policies of rules that speak to several groups at once name it.'],
      roles.map((role): ModelPath => ['roles', role]),
    )
  }
  if (marker !== undefined) {
    const held = `Role sets of callers without ${listed(marker.except)} are members of it, and visitors.`
    return because([held, 'Rules to `everyoneExcept` name it.'], rulesNaming(marker, index.model))
  }
  if (own === undefined) return because(platformRoles[name] ?? `"${name}" is a role of every app.`, [[]])
  const includes = own.includes.length === 0 ? '' : ` It includes ${listed(own.includes)}.`
  const note = own.note === null ? [] : [`"${own.note}"`]
  return because([`Requests of callers with the role ${own.name} hold it.${includes}`, ...note], [['roles', own.name]])
}

function rulesNaming(marker: MarkerRole, { policies }: Model): readonly ModelPath[] {
  return policies.flatMap(({ entity, rules }) =>
    rules
      .filter(({ audience }) => audienceRoles(audience).includes(marker.name))
      .map(({ title }): ModelPath => [entity, 'policy', title]),
  )
}

const platformRoles: Readonly<Record<string, string>> = {
  [owner]: 'Owns schemas and tables; migrations run as it. Every app has it.',
  [privateRole]: 'Owns the functions that decide rules. Every app has it.',
  [reportsRole]: 'Owns the selects of reports, and sees the live rows of one tenant. Every app with reports has it.',
  [searchRole]:
    'Owns the functions that find rows by words, and sees the rows of one tenant that hold them. Every app that searches has it.',
  [member]: 'Everyone signed in holds it. Every app has it.',
  [anonymous]: 'Visitors hold it. Every app has it.',
}
