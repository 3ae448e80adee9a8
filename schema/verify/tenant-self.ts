import { hasId } from '../model/key.ts'
import type { Entity, ModelPath } from '../model/model.ts'
import type { Verification } from './context.ts'

/** One entity's rows may be the tenants; each tenant has one of them, called like it. */
export function verifyTenantSelf({ model, problems }: Verification): void {
  const [first, ...more] = model.entities.filter(({ tenancy }) => tenancy === 'self')
  if (first === undefined) return
  for (const { name } of more) {
    const hint = `Leave \`tenant\` out of one of them; "${first.name}" and "${name}" can be linked by \`one('${first.name}', { unique: true })\`.`
    const related = { message: 'the other is declared in', path: [first.name, 'tenant'] } as const
    const message = `Rows of "${first.name}" are the tenants already.`
    problems.report('TENANT_SELF_TWICE', { path: [name, 'tenant'] }, message, { hint, related })
  }
  for (const entity of [first, ...more]) {
    for (const path of keyedBy(entity)) {
      const hint = `Leave \`${String(path.at(-1))}\` out; a number or a code can be a field.`
      const message = `A row of "${entity.name}" has the id of its tenant, a uuid.`
      problems.report('TENANT_SELF_KEYED', { path, part: 'key' }, message, { hint })
    }
    for (const path of pointless(entity)) {
      const message = `A tenant has one row of "${entity.name}", so there is no other that this could be about.`
      problems.report('TENANT_SELF_ALONE', { path, part: 'key' }, message, { hint: 'Leave it out.' })
    }
  }
}

/** Where the entity says that its rows are identified in another way. */
function keyedBy({ name, key, fields }: Entity): readonly ModelPath[] {
  if (!hasId({ key })) return [[name, 'key']]
  const isUsual = fields.some((each) => each.name === 'id' && each.type.kind === 'uuid' && each.column === 'id')
  return isUsual ? [] : [[name, 'id']]
}

/** What needs a second row of the same tenant to mean anything. */
function pointless({ name, fields, relations, unique, noOverlap }: Entity): readonly ModelPath[] {
  const onItself = relations.filter((each) => each.kind !== 'oneOf' && each.to === name)
  const flagged = unique.flatMap(({ on }) => (on.length === 1 ? on : []))
  const places = [
    ...fields.filter((field) => flagged.includes(field.name)).map((field) => [name, 'fields', field.name]),
    ...relations.filter((each) => flagged.includes(each.name)).map((each) => [name, 'relations', each.name]),
    ...onItself.map((each) => [name, 'relations', each.name]),
    ...(unique.some(({ on }) => on.length > 1) ? [[name, 'unique']] : []),
    ...(noOverlap.length > 0 ? [[name, 'noOverlap']] : []),
  ]
  return [...new Map(places.map((path) => [JSON.stringify(path), path])).values()]
}
