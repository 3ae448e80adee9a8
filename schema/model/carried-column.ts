import { snakeCase } from '#base'
import type { Entity, ToOne } from './model.ts'
import { toOnesOf } from './to-ones.ts'

/** A column that nobody writes: it holds what a path of two steps leads to, so that a key can say that both ends agree. */
export interface CarriedColumn {
  /** `order_company_id` */
  readonly column: string
  /** The first step: the relation whose row it is copied from. */
  readonly hop: ToOne
  /** Name of the second step. */
  readonly end: string
}

/** The carried columns of an entity's table, each once; a path of one step has its column anyhow. */
export function carriedColumns(entity: Entity): readonly CarriedColumn[] {
  const found = new Map<string, CarriedColumn>()
  for (const { same } of toOnesOf(entity)) {
    if (same?.length !== 2) continue
    const [first, end] = same as readonly [string, string]
    const hop = toOnesOf(entity).find((each) => each.name === first)
    if (hop === undefined) continue
    const column = `${snakeCase(first)}_${snakeCase(end)}_id`
    found.set(column, { column, hop, end })
  }
  return [...found.values()]
}
