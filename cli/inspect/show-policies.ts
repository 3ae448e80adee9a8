import { canonicalJson } from '#base'
import { type CatalogObject, objectsOfTable } from '#migrations'
import { ruleSentence } from '#policies'
import { type Entity, rulesFor, verbsOf } from '#schema'
import { plainLine } from './diagrams/plain-text.ts'
import { whoMay } from './diagrams/state-diagram.ts'
import { entitiesNamed, type Inspection, type InspectPart } from './inspection.ts'
import { placesOf, postgresName } from './places.ts'

/** Who may do what, in the titles of the rules, and what each rule becomes in Postgres. */
export const policies: InspectPart = {
  formats: ['text', 'json'],
  show(names, format, inspection) {
    const { catalog } = inspection
    const beside = reasoned(
      [
        ...catalog.functions.map((each) => ({ kind: 'function', function: each }) as const),
        ...(catalog.views ?? []).map((view) => ({ kind: 'view', view }) as const),
      ],
      inspection,
    )
    const told = entitiesNamed(names, inspection)
      .filter(({ link }) => link === null)
      .map((entity) => policyOf(entity, beside, inspection))
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

function policyOf(entity: Entity, beside: readonly Reasoned[], inspection: Inspection): ToldPolicy {
  const { catalog, model } = inspection
  const rules = rulesFor(model, entity)
  const tables = catalog.tables.filter((each) => each.entity === entity.name)
  const objects = [...reasoned(tables.flatMap(objectsOfTable), inspection), ...beside]
  return {
    entity: entity.name,
    who: verbsOf(entity).map((verb) => ({ verb, roles: whoMay(model, entity, verb) })),
    rules: rules.map((rule) => ({
      title: rule.title,
      says: ruleSentence(rule, entity, model),
      because: rule.because,
      place: placesOf([[entity.name, 'policy', rule.title]], inspection.app)[0] ?? null,
      becomes: becomesOf(rule.title, objects, { name: entity.name, app: model.app }),
    })),
  }
}

/** An object of the database, with its reasons. */
interface Reasoned {
  readonly object: CatalogObject
  readonly paths: ReadonlySet<string>
}

/** Everything in the database that names the rule as its reason. */
function becomesOf(
  title: string,
  objects: readonly Reasoned[],
  { name, app }: { readonly name: string; readonly app: string },
): readonly string[] {
  const path = JSON.stringify([name, 'policy', title])
  return objects
    .filter(({ paths }) => paths.has(path))
    .map(({ object }) => {
      const told = postgresName(object, app)
      return object.kind === 'policy' ? `policy ${told} (${object.policy.command})` : `${object.kind} ${told}`
    })
}

/** To find the reasons of an object takes longer than to look through them for each rule. */
function reasoned(objects: readonly CatalogObject[], { explain }: Inspection): readonly Reasoned[] {
  return objects.map((object) => ({
    object,
    paths: new Set(explain(object).paths.map((each) => JSON.stringify(each))),
  }))
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
