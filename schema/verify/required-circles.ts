import { groupOf } from '../complete/one-of.ts'
import type { Entity, ToOne } from '../model/model.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** No rows need each other before they exist: following required relations never leads back. */
export function verifyRequiredCircles({ model, entities, problems }: Verification): void {
  const told = new Set<string>()
  for (const entity of model.entities) {
    const circle = circleFrom(entity, entities)
    if (circle === null) continue
    const names = circle.map(({ entity: { name } }) => name)
    const identity = names.toSorted().join(' ')
    // Parts inside of themselves have a word of their own.
    if (told.has(identity) || circle.every(({ relation }) => relation.part)) continue
    told.add(identity)
    const [first] = circle
    const path = [first!.entity.name, 'relations', first!.relation.name]
    const way = circle.map(({ entity: { name }, relation }) => `${name}.${relation.name}`).join(' → ')
    const message = `${way} → ${names[0]}: each row needs the other first, so none can be made.`
    problems.report('RELATION_REQUIRED_CIRCLE', { path, part: 'key' }, message, {
      hint: 'Make one of these relations optional, and set it when both rows are there.',
    })
  }
}

interface Step {
  readonly entity: Entity
  readonly relation: ToOne
}

/** Required relations that lead from an entity back to it, the shortest way; or null. */
function circleFrom(start: Entity, entities: ReadonlyMap<string, Entity>): readonly Step[] | null {
  const ways: (readonly Step[])[] = [[]]
  const met = new Set<string>()
  // Grows while it is read.
  for (const way of ways) {
    const last = way.at(-1)
    const entity = last === undefined ? start : entities.get(last.relation.to)
    if (entity === undefined) continue
    for (const relation of needed(entity)) {
      const longer = [...way, { entity, relation }]
      if (relation.to === start.name) return longer
      if (met.has(relation.to)) continue
      met.add(relation.to)
      ways.push(longer)
    }
  }
  return null
}

/** Relations that a new row cannot do without; those of which another check says that they are wrong are left to it. */
function needed(entity: Entity): readonly ToOne[] {
  return toOnesOf(entity).filter(
    (relation) =>
      !relation.optional &&
      relation.default === null &&
      relation.onDelete !== 'setNull' &&
      relation.name !== entity.tree &&
      !entity.key.includes(relation.name) &&
      groupOf(entity, relation.name) === null,
  )
}
