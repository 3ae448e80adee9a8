import { type Condition, type Entity, type ModelPath, type Rule, ruleCovers, type Verification } from '#schema'
import { type PathForm, pathFormsOf } from '../carried/path-forms.ts'
import { type WhyNotCarried, whyNotCarried } from '../carried/why-not-carried.ts'
import { entityOf, indexModel, type ModelIndex, toOneOf } from '../to-sql/model-index.ts'
import { findsByIndex } from './sought-columns.ts'
import { isIndexed } from './unindexed-paths.ts'

/**
 * Rules of reading that go along two relations and more to what belongs to the caller, where the rows could hold it themselves but for something that
 * the author may change. Of shorter paths nothing is said: the few rows that lead to the caller are found by the index of the relation.
 */
export function warnOfUncarriedPaths({ model, entities, problems }: Verification): void {
  const index = indexModel(model)
  for (const policy of model.policies) {
    const entity = entities.get(policy.entity)
    if (entity === undefined) continue
    for (const rule of policy.rules.filter((each) => readsRows(each, entity)))
      for (const { path, why } of uncarried(rule.where!, entity, index)) {
        const hop = hopOf(entity, path, index)
        const told = adviceOf(why, hop)
        if (told === null) continue
        const at: ModelPath = [entity.name, 'policy', rule.title, 'where', ...path.slice(0, hop.at + 1)]
        const message = `Each list gathers all rows on the way along "${path.join('.')}": "${entity.name}" cannot hold what it leads to, because ${told.because}.`
        problems.warn('POLICY_PATH_UNCARRIED', { path: at, part: 'key' }, message, { hint: told.hint })
      }
  }
}

function readsRows(rule: Rule, entity: Entity): boolean {
  return rule.effect === 'allow' && rule.where !== null && ruleCovers(entity, rule, 'read')
}

type Uncarried = PathForm['notCarried']

const shortest = 3

/** Long ways that nothing beside them makes short. */
function uncarried(condition: Condition, entity: Entity, index: ModelIndex): Uncarried {
  switch (condition.kind) {
    case 'and':
      if (condition.all.some((each) => findsFew(each, entity, index))) return []
      return condition.all.flatMap((each) => uncarried(each, entity, index))
    case 'or':
      return condition.any.flatMap((each) => uncarried(each, entity, index))
    case 'path':
      if (findsFew(condition, entity, index)) return []
      return pathFormsOf(condition, entity, index).flatMap(({ notCarried }) =>
        notCarried.filter(({ path }) => path.length >= shortest),
      )
    case 'not':
    case 'compare':
    case 'many':
    case 'may':
    case 'fact':
      return []
  }
}

/** By a column of the row itself, its own or carried. */
function findsFew(condition: Condition, entity: Entity, index: ModelIndex): boolean {
  if (condition.kind === 'compare') return findsByIndex(condition, { entity, index, isIndexed })
  return condition.kind === 'path' && pathFormsOf(condition, entity, index).some(({ columns }) => columns.length > 0)
}

/** The relation that stands in the way. */
interface Hop {
  /** Its place on the way. */
  readonly at: number
  readonly holder: Entity
  readonly relation: string
}

function hopOf(entity: Entity, path: readonly string[], index: ModelIndex): Hop {
  const isStuck = (to: number) => whyNotCarried(entity, path.slice(0, to + 1), { index, end: 0 }) !== null
  const found = path.slice(0, -1).findIndex((_, to) => isStuck(to))
  const at = found === -1 ? path.length - 1 : found
  const holder = path.slice(0, at).reduce((each, name) => entityOf(index, toOneOf(each, name).to), entity)
  return { at, holder, relation: path[at]! }
}

/** What an author can do about it; null where it is in the nature of the rows. */
function adviceOf(
  why: WhyNotCarried,
  { holder, relation }: Hop,
): { readonly because: string; readonly hint: string } | null {
  const named = `"${relation}" of "${holder.name}"`
  switch (why) {
    case 'optional':
      return { because: `${named} may be empty`, hint: `Make ${named} required, or name beside it something indexed.` }
    case 'keep':
      return {
        because: `a row outlives the removal of what ${named} leads to`,
        hint: `Say \`onRemove: 'restrict'\` or \`'cascade'\` of ${named}.`,
      }
    case 'name':
      return { because: 'a field has the name of the column that would hold it', hint: 'Call the field otherwise.' }
    case 'expires':
    case 'tenant':
    case 'foreign':
    case 'immutable':
    case 'circle':
    case 'caller':
    case 'key':
      return null
  }
}
