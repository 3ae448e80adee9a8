import type { Comparison, Condition } from '../model/condition.ts'
import type { Computed, Entity } from '../model/model.ts'

/** Where computed fields are looked up, and whether one may be out of range. */
export interface Ranges {
  readonly entities: ReadonlyMap<string, Entity>
  readonly isBeyond: (computed: Computed, entity: Entity) => boolean
}

/** True when a condition names a computed field that may be out of range. */
export function namesBeyond(condition: Condition, entity: Entity, ranges: Ranges): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.all.some((each) => namesBeyond(each, entity, ranges))
    case 'or':
      return condition.any.some((each) => namesBeyond(each, entity, ranges))
    case 'not':
      return namesBeyond(condition.not, entity, ranges)
    case 'many':
    case 'path': {
      const target = targetOf(condition.relation, entity, ranges)
      return target !== null && condition.where !== null && namesBeyond(condition.where, target, ranges)
    }
    case 'compare':
      return beyondNames(condition, entity, ranges).length > 0
    // Facts name computed fields of other rows; rights are settled where their rules are.
    case 'may':
    case 'fact':
      return false
  }
}

/** Computed fields that may be out of range; whoever asks whether there is a value at all has thought of it. */
export function beyondNames({ on, op, to }: Comparison, entity: Entity, { isBeyond }: Ranges): readonly string[] {
  if (to.kind === 'value' && to.value === null && (op === 'is' || op === 'isNot')) return []
  const names = [on, ...(to.kind === 'row' ? [to.name] : [])]
  return names.filter((name) => {
    const computed = entity.computed.find((each) => each.name === name)
    return computed !== undefined && isBeyond(computed, entity)
  })
}

/** The entity that a relation leads to; null where it may be one of several. */
export function targetOf(relation: string, entity: Entity, { entities }: Pick<Ranges, 'entities'>): Entity | null {
  const found = entity.relations.find(({ name }) => name === relation)
  return found === undefined || found.kind === 'oneOf' ? null : (entities.get(found.to) ?? null)
}
