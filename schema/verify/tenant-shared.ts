import { hasId } from '../model/key.ts'
import type { Entity, ModelPath, ToOne } from '../model/model.ts'
import { hasTenant, isShared } from '../model/tenancy.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** Rows that all tenants see can be told apart from a tenant's own, need nothing of a tenant, and are led to by who can say whose. */
export function verifyTenantShared(check: Verification): void {
  const { model, problems } = check
  const entities = new Map(model.entities.map((entity) => [entity.name, entity]))
  for (const entity of model.entities.filter(({ link }) => link === null)) {
    if (isShared(entity)) verifyEntity(check, entity)
    for (const relation of toOnesOf(entity)) {
      const target = entities.get(relation.to)
      if (target === undefined) continue
      if (isShared(entity)) verifyTarget(check, entity, { relation, target })
      if (!isShared(target) || entity.source.kind !== 'adopted') continue
      const hint =
        'Let the adopted table lead to rows of one kind: leave `tenant` out of the target, or say `tenant: false`.'
      const message = `"${entity.name}" was there before and has no column that says whose the "${target.name}" is.`
      problems.report('TENANT_SHARED_ADOPTED', { path: [entity.name, 'relations', relation.name] }, message, { hint })
    }
  }
}

function verifyEntity({ problems }: Verification, entity: Entity): void {
  if (!hasId(entity)) {
    const hint = "Leave `key` out, and say `unique: [['code']]`: a tenant may then have its own row of the same code."
    const message = `Our rows of "${entity.name}" and a tenant's own could have the same key, and nobody could tell them apart.`
    problems.report('TENANT_SHARED_KEYED', { path: [entity.name, 'key'], part: 'key' }, message, { hint })
  }
  for (const path of namedAlike(entity)) {
    const message = `"isShared" says of every row of "${entity.name}" whether it is of all tenants.`
    problems.report('NAME_RESERVED', { path, part: 'key' }, message, { hint: 'Choose another name.' })
  }
}

function namedAlike({ name, fields, relations, computed }: Entity): readonly ModelPath[] {
  const isTaken = (each: { readonly name: string; readonly builtIn?: boolean }) =>
    each.name === 'isShared' && each.builtIn !== true
  return [
    ...fields.filter(isTaken).map((each) => [name, 'fields', each.name]),
    ...relations.filter(isTaken).map((each) => [name, 'relations', each.name]),
    ...computed.filter(isTaken).map((each) => [name, 'computed', each.name]),
  ]
}

interface Led {
  readonly relation: ToOne
  readonly target: Entity
}

/** Our rows lead to no row of a tenant, so none may be required. */
function verifyTarget({ problems }: Verification, entity: Entity, { relation, target }: Led): void {
  if (relation.optional || isShared(target) || !hasTenant(target)) return
  const hint = `Make "${relation.name}" optional: it is then empty in our rows. Or say \`tenant: 'shared'\` of "${target.name}" too.`
  const message = `Rows of "${target.name}" are tenants' own, so our rows of "${entity.name}" could lead to none.`
  problems.report('TENANT_SHARED_NEEDS_OWN', { path: [entity.name, 'relations', relation.name, 'to'] }, message, {
    hint,
  })
}
