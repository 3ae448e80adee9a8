import { canonicalJson } from '#base'
import { objectsOfTable } from '#migrations'
import { ruleSentence } from '#policies'
import { type Entity, type Rule, rulesFor, verbsOf } from '#schema'
import { plainLine } from './diagrams/plain-text.ts'
import { whoMay } from './diagrams/state-diagram.ts'
import { entitiesNamed, type Inspection, type InspectPart } from './inspection.ts'
import { placesOf, postgresName } from './places.ts'

/** Who may do what, in the titles of the rules, and what each rule becomes in Postgres. */
export const policies: InspectPart = {
  formats: ['text', 'json'],
  show(names, format, inspection) {
    const told = entitiesNamed(names, inspection)
      .filter(({ link }) => link === null)
      .map((entity) => policyOf(entity, inspection))
    return format === 'json' ? canonicalJson(told) : told.map(policyText).join('\n')
  },
}

interface ToldPolicy {
  readonly entity: string
  readonly who: readonly { readonly verb: string; readonly roles: readonly string[] }[]
  readonly rules: readonly ToldRule[]
}

interface ToldRule {
  readonly title: string
  readonly says: string
  readonly because: string | null
  readonly place: string | null
  /** Names of objects in Postgres. */
  readonly becomes: readonly string[]
}

function policyOf(entity: Entity, inspection: Inspection): ToldPolicy {
  const { model } = inspection
  const rules = rulesFor(model, entity)
  return {
    entity: entity.name,
    who: verbsOf(entity).map((verb) => ({ verb, roles: whoMay(model, entity, verb) })),
    rules: rules.map((rule) => ({
      title: rule.title,
      says: ruleSentence(rule, entity, model),
      because: rule.because,
      place: placesOf([[entity.name, 'policy', rule.title]], inspection.app)[0] ?? null,
      becomes: becomesOf(entity, rule, inspection),
    })),
  }
}

/** Everything in the database that names the rule as its reason. */
function becomesOf(entity: Entity, rule: Rule, { catalog, explain, model }: Inspection): readonly string[] {
  const tables = catalog.tables.filter((each) => each.entity === entity.name)
  const objects = [
    ...tables.flatMap(objectsOfTable),
    ...catalog.functions.map((each) => ({ kind: 'function', function: each }) as const),
    ...(catalog.views ?? []).map((view) => ({ kind: 'view', view }) as const),
  ]
  const path = JSON.stringify([entity.name, 'policy', rule.title])
  return objects
    .filter((object) => explain(object).paths.some((each) => JSON.stringify(each) === path))
    .map((object) => {
      const name = postgresName(object, model.app)
      return object.kind === 'policy' ? `policy ${name} (${object.policy.command})` : `${object.kind} ${name}`
    })
}

function policyText({ entity, who, rules }: ToldPolicy): string {
  const width = Math.max(...who.map(({ verb }) => verb.length))
  const indent = (line: string): string => `    ${line}`
  return [
    entity,
    ...who.map(({ verb, roles }) => `  ${verb.padEnd(width)}  ${roles.length === 0 ? '-' : roles.join(', ')}`),
    ...rules.flatMap(({ title, says, place, becomes }) => [
      '',
      `  "${title}"${place === null ? '' : `  ${place}`}`,
      indent(says),
      ...becomes.map((name) => indent(`→ ${name}`)),
    ]),
    '',
  ]
    .map(plainLine)
    .join('\n')
}
