import type { Table } from '../catalog/catalog.ts'
import type { AdoptionFacts } from './read-adoption-facts.ts'

const kinds: Readonly<Record<string, string>> = {
  p: 'a partitioned table',
  v: 'a view',
  m: 'a materialized view',
  f: 'a foreign table',
}

/** Why a relation cannot be fenced, or would be open in spite of the fence; one line each, with what to do. */
export function adoptionFaults(table: Table, found: AdoptionFacts | null): readonly string[] {
  const name = `${table.schema}.${table.name}`
  if (found === null) return [`${name}: there is no such table`]
  const kind = kinds[found.kind]
  if (kind !== undefined) return [`${name}: is ${kind}; only plain tables can be adopted`]
  return [...natureFaults(found), ...doorFaults(table, found)].map((fault) => `${name}: ${fault}`)
}

function natureFaults(found: AdoptionFacts): readonly string[] {
  return [
    ...(found.is_partition ? ['is a partition; its rows can be reached through the table above it'] : []),
    ...(found.has_family && !found.is_partition ? ['inherits from another table, or another from it'] : []),
    ...(found.is_permanent ? [] : ['is temporary or unlogged']),
    ...(found.is_ours ? [] : [`belongs to "${found.owner}", and the migrator is no member of that role`]),
    ...(found.may_open_schema
      ? []
      : [`the migrator does not own schema "${found.schema}", so nobody can be let into it`]),
  ]
}

/** What would lead past the policies, or add to them. */
function doorFaults(table: Table, found: AdoptionFacts): readonly string[] {
  const kept = table.adopted?.triggers ?? []
  const strange = found.triggers.filter((name) => !kept.includes(name))
  const gone = kept.filter((name) => !found.triggers.includes(name))
  return [
    ...found.policies.map(
      (policy) => `has a policy "${policy}" of its own; drop it, the rules of the model take its place`,
    ),
    ...found.rights.map((right) => `${right}; revoke it, rights come from the rules of the model`),
    ...strange.map(
      (trigger) =>
        `has a trigger "${trigger}"; drop it, or say adopt: { table, triggers: ['${trigger}'] } if it may stay`,
    ),
    ...gone.map((trigger) => `has no trigger "${trigger}", which the model lists`),
    ...found.rules.map((rule) => `has a rule "${rule}" that rewrites statements; drop it`),
    ...found.views.map(
      (view) =>
        `its rows are shown by view "${view}" past row security; drop the view, revoke it, or make it security_invoker`,
    ),
  ]
}
