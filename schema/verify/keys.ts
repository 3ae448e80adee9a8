import { lowerFirst } from '#base'
import { didYouMeanHint } from '../complete/hint.ts'
import type { ProblemPlace } from '../load/problems.ts'
import { hasId, keyColumnsOf } from '../model/key.ts'
import type { Entity, FieldType, Relation, ToOne } from '../model/model.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** Keys name what every row has and never changes, and relations lead to rows that one column names. */
export function verifyKeys(check: Verification): void {
  for (const entity of check.model.entities) {
    if (!hasId(entity) || !entity.fields.some(({ name }) => name === 'id')) verifyKey(check, entity)
    for (const relation of entity.relations) verifyTarget(check, entity, relation)
  }
}

function verifyKey(check: Verification, entity: Entity): void {
  entity.key.forEach((name, at) => {
    const fault =
      entity.key.indexOf(name) === at ? faultOf(check, entity, name) : { message: `"${name}" is listed twice.` }
    if (fault === null) return
    const path = entity.key.length === 1 ? [entity.name, 'key'] : [entity.name, 'key', at]
    check.problems.report('ENTITY_KEY_INVALID', { path }, fault.message, { hint: fault.hint ?? null })
  })
}

interface Fault {
  readonly message: string
  readonly hint?: string
}

function faultOf({ entities }: Verification, entity: Entity, name: string): Fault | null {
  const own = entity.fields.filter(({ builtIn }) => !builtIn)
  const ones = toOnesOf(entity)
  const part = [...own, ...ones].find((each) => each.name === name)
  if (part === undefined) {
    const hint = didYouMeanHint(
      name,
      [...own, ...ones].map((each) => each.name),
    )
    return { message: `"${entity.name}" has no field and no to-one relation "${name}".`, hint }
  }
  if (part.optional) return { message: `"${name}" is optional: every row needs its key.`, hint: 'Make it required.' }
  if (name === lowerFirst(entity.name) || name === 'patch') {
    const message = `GraphQL uses "${name}" beside the key of a "${entity.name}".`
    return { message, hint: 'Call the field otherwise; `column` may keep the name of its column.' }
  }
  if ('type' in part) return isKeyType(part.type) ? null : kindFault(name, part.type)
  return leadsBack(entity, name, entities) ? { message: `"${name}" leads back to the same key.` } : null
}

function isKeyType({ kind }: FieldType): boolean {
  return ['text', 'choice', 'int', 'int64', 'uuid', 'date'].includes(kind)
}

function kindFault(name: string, { kind }: FieldType): Fault {
  const hint = 'Keys are texts, choices, whole numbers, uuids, days and to-one relations.'
  return { message: `"${name}" is of kind "${kind}", which identifies no row.`, hint }
}

function leadsBack(entity: Entity, name: string, entities: ReadonlyMap<string, Entity>): boolean {
  const seen = new Set<string>()
  let [owner, part]: readonly [Entity, string] = [entity, name]
  for (;;) {
    const relation = owner.relations.find((each) => each.name === part)
    const target = relation?.kind === 'one' ? entities.get(relation.to) : undefined
    if (target === undefined) return false
    if (target === entity || seen.has(target.name)) return true
    seen.add(target.name)
    ;[owner, part] = [target, target.key[0] ?? '']
  }
}

function verifyTarget({ entities, problems }: Verification, entity: Entity, relation: Relation): void {
  const target = relation.kind === 'one' ? entities.get(relation.to) : undefined
  if (relation.kind !== 'one' || target === undefined || target.key.length < 2) return
  // Both ends of a self link lead to the same rows.
  if (entity.link !== null && entity.relations.indexOf(relation) > 0 && relation.to === entity.link.entity) return
  const columns = keyColumnsOf(target, entities).map(({ name }) => `"${name}"`)
  const message = `A "${target.name}" is identified by ${columns.join(' and ')} together, which one column cannot hold.`
  const hint = `Give "${target.name}" an \`id\` and say \`unique: [[…]]\`, or lead to the rows behind its key.`
  problems.report('RELATION_KEY_COMPOSITE', placeOf(entity, relation), message, { hint })
}

/** Where the relation was written: one of a link's table, at the link. */
function placeOf({ name, link }: Entity, relation: ToOne): ProblemPlace {
  if (link === null) return { path: [name, 'relations', relation.name, 'to'] }
  const path = [link.entity, 'relations', link.relation]
  return relation.to === link.entity ? { path, part: 'key' } : { path: [...path, 'to'] }
}
