import type { Entity, ToOne } from '../model/model.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** No entity is a part of itself, by whatever way: a first row could not be made. */
export function verifyParts({ model, entities, problems }: Verification): void {
  for (const entity of model.entities) {
    for (const relation of wholesOf(entity)) {
      if (!isInside(relation.to, entity.name, entities)) continue
      const path = [entity.name, 'relations', relation.name, 'to']
      const message =
        relation.to === entity.name
          ? `"${entity.name}" is a part of itself: no first row could be made.`
          : `"${entity.name}" is a part of "${relation.to}", which is a part of "${entity.name}".`
      const hint = `Say one('${relation.to}', { optional: true, onRemove: 'cascade' }) instead.`
      problems.report('PART_CYCLE', { path }, message, { hint })
    }
  }
}

function wholesOf(entity: Entity | undefined): readonly ToOne[] {
  return (entity === undefined ? [] : toOnesOf(entity)).filter(({ part }) => part)
}

function isInside(start: string, name: string, entities: ReadonlyMap<string, Entity>): boolean {
  const met = new Set([start])
  // Grows while it is read.
  for (const each of met) for (const { to } of wholesOf(entities.get(each))) met.add(to)
  return met.has(name)
}
