import { builtInField } from '../model/built-ins.ts'
import { hasId } from '../model/key.ts'
import type { Entity, ModelPath, ToOne } from '../model/model.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** Trees, ordered parts and ends that agree know rows by the usual `id` alone. */
export function verifyUsualIds(check: Verification): void {
  for (const entity of check.model.entities) {
    if (entity.tree !== null) verify(check, entity, [entity.name, 'tree'], 'A tree')
    for (const relation of toOnesOf(entity)) {
      const path = [entity.name, 'relations', relation.name]
      const target = check.entities.get(relation.to)
      if (relation.position !== null) {
        for (const end of [entity, target]) verify(check, end, [...path, 'ordered'], 'A list with an order')
      }
      if (relation.same === null) continue
      for (const end of [entity, target, ...holders(check, entity, relation)])
        verify(check, end, [...path, 'same'], 'What must agree')
    }
  }
}

function holders({ entities }: Verification, entity: Entity, { same }: ToOne): readonly Entity[] {
  const found: Entity[] = []
  let at: Entity | undefined = entity
  for (const name of same ?? []) {
    const hop: Entity['relations'][number] | undefined = at?.relations.find((each) => each.name === name)
    at = hop?.kind === 'one' ? entities.get(hop.to) : undefined
    if (at !== undefined) found.push(at)
  }
  return found
}

function verify({ problems }: Verification, entity: Entity | undefined, path: ModelPath, what: string): void {
  if (entity === undefined || isUsual(entity)) return
  const message = `${what} needs rows with the usual "id" and "deletedAt"; those of "${entity.name}" have others.`
  const hint = `Leave \`id\`, \`key\`, \`adopt\` and \`builtIns\` out of "${entity.name}".`
  problems.report('ENTITY_KEY_UNSUPPORTED', { path }, message, { hint })
}

function isUsual(entity: Entity): boolean {
  const id = builtInField(entity, 'id')
  const removed = builtInField(entity, 'deletedAt')
  const touched = builtInField(entity, 'updatedAt')
  const isMade = entity.source.kind === 'table' && hasId(entity) && id?.type.kind === 'uuid' && id.column === 'id'
  return isMade && removed?.column === 'deleted_at' && touched?.column === 'updated_at'
}
