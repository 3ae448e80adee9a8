import { Bug } from '#base'
import type { Condition, Entity, ManyPath } from '#schema'
import { entityOf, type ModelIndex, toOneOf } from './model-index.ts'

/** Rows that hold the key of the row, in the place of every kind of relation to many. */
export interface Lowered {
  /** Entity of the rows. */
  readonly entity: Entity
  /** Name of their to-one that leads back. */
  readonly by: string
  /** What is asked of them. */
  readonly where: Condition
  /** Whether at least one must meet it, or none may. */
  readonly some: boolean
}

/** The same question of rows that hold the row's key. `every` is "none that does not"; null where any rows or none will do. */
export function loweredMany(many: ManyPath, entity: Entity, index: ModelIndex): Lowered | null {
  const { how } = many
  if (how === 'every' && many.where === null) return null
  const asked = many.where ?? anyRow
  const where: Condition = how === 'every' ? { kind: 'not', not: asked } : asked
  const some = how === 'some'
  const relation = entity.relations.find(({ name }) => name === many.relation)
  switch (relation?.kind) {
    case 'many':
    case 'hasOne':
      return { entity: entityOf(index, relation.to), by: relation.by, where, some }
    case 'through': {
      const between = entityOf(index, relation.through)
      toOneOf(between, relation.toward)
      return { entity: between, by: relation.from, where: { kind: 'path', relation: relation.toward, where }, some }
    }
    default:
      throw new Bug(`"${entity.name}" has no relation "${many.relation}" to many.`)
  }
}

/** True of every row. */
export const anyRow: Condition = { kind: 'and', all: [] }
