import { toText } from '#base'
import {
  audienceRoles,
  conditionsOf,
  entityOf,
  heldType,
  idColumnOf,
  type ModelIndex,
  ownReachSets,
  type RelatedSet,
  type RolePlaceholder,
  reachName,
  reachQuery,
  relatedSetName,
  relatedSetQuery,
  relatedSetsOf,
  rulesOf,
} from '#policies'
import { type Condition, type Entity, isReadOnly, ruleCovers } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { commandOf } from '../policies.ts'
import { privateFunction } from './private-function.ts'

/** Functions behind the actor's reach sets, by name; each may be run by the audiences of the rules that read it. */
export function reachFunctions(index: ModelIndex): readonly DatabaseFunction[] {
  const users = new Map<string, RolePlaceholder[]>()
  for (const { roles, condition } of policyConditions(index)) {
    for (const name of ownReachSets(condition, index)) {
      users.set(name, [...(users.get(name) ?? []), ...roles])
    }
  }
  const values = index.model.actor?.values ?? []
  const functions = values.flatMap((value) =>
    value.kind !== 'reach'
      ? []
      : privateFunction({
          name: reachName(value.name),
          returns: setOf(entityOf(index, value.to), index),
          language: 'sql',
          volatility: 'stable',
          rows: 20,
          body: toText(reachQuery(value, index)),
          execute: users.get(value.name) ?? [],
          comment: `Rows of ${value.to} that a live ${value.via} links to the caller.`,
        }),
  )
  return functions.sort(byName)
}

/** Functions that give the related rows which a policy asks for, by name; rules with the same condition share one. */
export function relatedSetFunctions(index: ModelIndex): readonly DatabaseFunction[] {
  const sets = new Map<string, { readonly set: RelatedSet; readonly users: RolePlaceholder[] }>()
  for (const { entity, roles, condition } of policyConditions(index)) {
    for (const set of relatedSetsOf(condition, entity, index)) {
      const name = relatedSetName(set.entity, set.where)
      const known = sets.get(name) ?? { set, users: [] }
      known.users.push(...roles)
      sets.set(name, known)
    }
  }
  const functions = [...sets].map(([name, { set, users }]) =>
    privateFunction({
      name,
      returns: setOf(set.entity, index),
      language: 'sql',
      volatility: 'stable',
      body: toText(relatedSetQuery(set, index)),
      execute: users,
      comment: `Live rows of ${set.entity.name} that a rule on a relation asks for.`,
    }),
  )
  return functions.sort(byName)
}

/** `setof uuid`: keys of the entity. */
function setOf(entity: Entity, index: ModelIndex): string {
  return `setof ${heldType(idColumnOf(entity, index)).replace(/\(.*?\)/, '')}`
}

interface PolicyCondition {
  readonly entity: Entity
  /** Who runs it. */
  readonly roles: readonly RolePlaceholder[]
  readonly condition: Condition
}

/** Conditions of the rules that become policies; verb functions look related rows up by themselves. */
function policyConditions(index: ModelIndex): readonly PolicyCondition[] {
  return index.model.policies.flatMap((policy) => {
    const entity = entityOf(index, policy.entity)
    const rules = rulesOf(index, entity).filter((rule) => ruleCovers(entity, rule, ...Object.keys(commandOf)))
    // The rules of a view are one expression: who runs it is asked for the right to run all of it.
    const all = isReadOnly(entity) ? rules.flatMap(({ audience }) => audienceRoles(audience)) : []
    return rules.flatMap((rule) =>
      conditionsOf(rule).map((condition) => ({ entity, condition, roles: [...audienceRoles(rule.audience), ...all] })),
    )
  })
}

function byName(a: DatabaseFunction, b: DatabaseFunction): number {
  return a.name < b.name ? -1 : 1
}
