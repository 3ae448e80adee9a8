import { canonicalJson } from '#base'
import { type Entity, type Model, rulesFor } from '#schema'

/** Lists of an entity, in words for one and for many of their members. */
const lists = {
  fields: ['field', 'fields'],
  computed: ['formula', 'formulas'],
  relations: ['relation', 'relations'],
  unique: ['unique', 'uniques'],
  indexes: ['index', 'indexes'],
  noOverlap: ['exclusion', 'exclusions'],
  rules: ['check', 'checks'],
  actions: ['action', 'actions'],
} as const

const mostListed = 4

/** What differs between two models of an app, in short: `Order changed: 1 field, 2 rules`. Empty when nothing does. */
export function describeModelChange(from: Model, to: Model): readonly string[] {
  const names = [...new Set([...from.entities, ...to.entities].map(({ name }) => name))].sort()
  const entities = names.flatMap((name) => entityChange(name, from, to))
  const shown =
    entities.length > mostListed
      ? [...entities.slice(0, mostListed), `${entities.length - mostListed} more changed`]
      : entities
  return [
    ...shown,
    ...(differs(from.roles, to.roles) ? ['roles changed'] : []),
    ...(differs(from.actor, to.actor) ? ['actor changed'] : []),
    ...(differs(from.actions ?? [], to.actions ?? []) ? ['actions of the app changed'] : []),
  ]
}

function entityChange(name: string, from: Model, to: Model): readonly string[] {
  const before = from.entities.find((entity) => entity.name === name)
  const after = to.entities.find((entity) => entity.name === name)
  if (before === undefined) return [`${name} added`]
  if (after === undefined) return [`${name} removed`]
  const parts = [...partsOf(before, after), ...ruleChange(name, before, after, [from, to])]
  return parts.length === 0 ? [] : [`${name} changed: ${parts.join(', ')}`]
}

function partsOf(before: Entity, after: Entity): readonly string[] {
  const parts = Object.entries(lists).flatMap(([list, [one, many]]) => {
    const count = countOfChanges(before[list as keyof typeof lists], after[list as keyof typeof lists])
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]
  })
  const { note, lifecycle } = after
  return [
    ...parts,
    ...(before.note === note ? [] : ['note']),
    ...(differs(before.lifecycle, lifecycle) ? ['lifecycle'] : []),
    ...(parts.length === 0 && before.note === note && differs(before, after) && !differs(before.lifecycle, lifecycle)
      ? ['options']
      : []),
  ]
}

function ruleChange(
  name: string,
  before: Entity,
  after: Entity,
  [from, to]: readonly [Model, Model],
): readonly string[] {
  // A rule for all fields but some names each of them, so that it differs with every field that comes or goes: that is no edit of the rule.
  const names = namesOf(after)
  const kept = new Set(namesOf(before).filter((each) => names.includes(each)))
  const rulesOf = (model: Model) =>
    rulesFor(model, { name }).map((rule) => ({
      ...rule,
      fields: rule.fields?.filter((field) => kept.has(field)) ?? null,
    }))
  const count = countOfChanges(rulesOf(from), rulesOf(to))
  return count === 0 ? [] : [`${count} ${count === 1 ? 'rule' : 'rules'}`]
}

function namesOf({ fields, relations }: Entity): readonly string[] {
  return [...fields, ...relations].map(({ name }) => name)
}

/** Members that are new, gone or different. One that is there under the same name or title counts once. */
function countOfChanges(before: readonly unknown[], after: readonly unknown[]): number {
  const known = new Map(before.map((member) => [keyOf(member), canonicalJson(member)]))
  const changed = after.filter((member) => known.get(keyOf(member)) !== canonicalJson(member))
  const kept = new Set(after.map(keyOf))
  return changed.length + before.filter((member) => !kept.has(keyOf(member))).length
}

function keyOf(member: unknown): string {
  const { name, title } = member as { readonly name?: string; readonly title?: string }
  return name ?? title ?? canonicalJson(member)
}

function differs(before: unknown, after: unknown): boolean {
  return canonicalJson(before) !== canonicalJson(after)
}
