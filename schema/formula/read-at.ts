import { columnFields } from '../model/column-fields.ts'
import type { Computed, Entity, Field } from '../model/model.ts'
import { FormulaFault } from './value-type.ts'

/** An end of a period. */
export type PeriodEnd = 'from' | 'to'

/** What the path of a field in a formula leads to. */
export type ReadAt = {
  /** To-one relations on the way. */
  readonly ones: readonly string[]
  /** The entity behind them. */
  readonly entity: Entity
} & (
  | { readonly computed: Computed; readonly field: null; readonly end: null }
  /** `field` has the column; with `end`, that end of the period is read, and the field's type is the end's. */
  | { readonly computed: null; readonly field: Field; readonly end: PeriodEnd | null }
)

/**
 * Follows `['customer', 'address', 'city']`: relations, then a field, a part of a value object or an end of a period.
 *
 * @throws FormulaFault when it leads nowhere
 */
export function readAt(from: Entity, path: readonly string[], entities: ReadonlyMap<string, Entity>): ReadAt {
  const found = findRead(from, path, entities)
  if (found !== null) return found
  throw new FormulaFault('FORMULA_NAME_UNKNOWN', `"${from.name}" has no "${path.join('.')}".`)
}

/** The same; null when it leads nowhere. */
export function findRead(from: Entity, path: readonly string[], entities: ReadonlyMap<string, Entity>): ReadAt | null {
  let entity = from
  for (let at = 0; at < path.length; at++) {
    const ones = path.slice(0, at)
    const relation = entity.relations.find(({ name }) => name === path[at])
    if (relation === undefined || relation.kind === 'oneOf') return valueAt(entity, ones, path.slice(at))
    const target = entities.get(relation.to)
    if (target === undefined) return null
    entity = target
  }
  return null
}

function valueAt(entity: Entity, ones: readonly string[], rest: readonly string[]): ReadAt | null {
  const place = { ones, entity }
  const name = rest.join('.')
  const computed = entity.computed.find((each) => each.name === name)
  if (computed !== undefined) return { ...place, computed, field: null, end: null }
  const columns = columnFields(entity)
  const field = columns.find((each) => each.name === name)
  if (field !== undefined) return { ...place, computed: null, field, end: null }
  const end = rest.at(-1)
  const period = columns.find((each) => each.name === rest.slice(0, -1).join('.'))
  if (period?.type.kind !== 'period' || (end !== 'from' && end !== 'to')) return null
  // Either end may be open.
  const asEnd: Field = { ...period, type: { kind: period.type.of }, optional: true }
  return { ...place, computed: null, field: asEnd, end }
}
