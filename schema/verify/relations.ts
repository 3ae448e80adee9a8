import { didYouMeanHint } from '../complete/hint.ts'
import { groupOf } from '../complete/one-of.ts'
import type { Entity, ModelPath, Relation, ToOne } from '../model/model.ts'
import { isReadOnly } from '../model/read-only.ts'
import { hasTenant } from '../model/tenancy.ts'
import type { Verification } from './context.ts'
import { verifyLineage } from './lineage.ts'
import { verifyBy, verifyThrough } from './relation-ways.ts'

/** Relations lead to entities that exist, by ways that exist. */
export function verifyRelations(check: Verification): void {
  for (const entity of check.model.entities) {
    for (const relation of entity.relations) verifyRelation(check, entity, relation)
  }
}

function verifyRelation(check: Verification, entity: Entity, relation: Relation): void {
  // Its to-ones are checked in its stead.
  if (relation.kind === 'oneOf') return
  const target = check.entities.get(relation.to)
  if (target === undefined || target.link !== null) {
    const declared = [...check.entities.values()].filter(({ link }) => link === null).map(({ name }) => name)
    const hint = didYouMeanHint(relation.to, declared)
    const message = `There is no entity "${relation.to}".`
    check.problems.report('RELATION_TARGET_UNKNOWN', { path: targetPath(entity, relation) }, message, { hint })
    return
  }
  if (relation.kind === 'one' && isReadOnly(target)) {
    const hint = `Give "${target.name}" a relation to "${entity.name}", and say \`many('${target.name}', { by })\` here.`
    const message = `Nothing can refer to a row of "${target.name}", which comes from a select.`
    check.problems.report('RELATION_TARGET_READ_ONLY', { path: targetPath(entity, relation) }, message, { hint })
    return
  }
  if (relation.kind === 'one') verifyToOne(check, entity, relation, target)
  else if (relation.kind === 'through') verifyThrough(check, entity, relation)
  else if (relation.kind === 'lineage') verifyLineage(check, entity, relation)
  else verifyBy(check, entity, relation, target)
}

/** Where the target is named: the first argument, or its place in the list of `oneOf`. */
function targetPath(entity: Entity, relation: Exclude<Relation, { readonly kind: 'oneOf' }>): ModelPath {
  const group = groupOf(entity, relation.name)
  return [entity.name, 'relations', ...(group === null ? [relation.name, 'to'] : [group.name, relation.to])]
}

function verifyToOne({ model, problems }: Verification, entity: Entity, relation: ToOne, target: Entity): void {
  const group = groupOf(entity, relation.name)
  const { name, optional } = group ?? relation
  const path = [entity.name, 'relations', name]
  if (relation.onDelete === 'setNull' && !optional) {
    const hint = 'Make it optional, or say `restrict` or `cascade`.'
    const message = `"${name}" is required and cannot be emptied.`
    problems.report('RELATION_SET_NULL_REQUIRED', { path: [...path, 'onDelete'] }, message, { hint })
  }
  if (!hasTenant(entity) && hasTenant(target)) {
    const hint = `Leave \`tenant: false\` out of "${entity.name}", or say it of "${target.name}" too.`
    const message = `"${entity.name}" belongs to no tenant, but "${target.name}" does.`
    problems.report('RELATION_TENANT_CROSSED', { path: targetPath(entity, relation) }, message, { hint })
  }
  if (relation.default?.kind !== 'actor' || model.actor?.entity === relation.to) return
  const place = { path: [...path, 'default'] }
  if (model.actor === null) {
    const hint = 'Export `actor = defineActor(…)` from a file in policies/.'
    problems.report('ACTOR_MISSING', place, 'The default is the caller, but the app defines no actor.', { hint })
  } else {
    const message = `The caller is a "${model.actor.entity}", not a "${relation.to}".`
    problems.report('RELATION_DEFAULT_INVALID', place, message)
  }
}
