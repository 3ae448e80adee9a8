import type { Sql } from '#base'
import { computedToSql, conditionToSql, type ModelIndex, type RowReference, statementActor } from '#policies'
import { type Computed, type Entity, storedColumn, storedOf, storedReads } from '#schema'

/** Where a stored formula is computed. */
export interface StoredPlace {
  readonly entity: Entity
  readonly index: ModelIndex
  readonly row: RowReference
  /** SQL of the row's tenant, where row security does not say whose rows are meant. */
  readonly tenant?: Sql
}

/** The definition of a stored formula as SQL over a row, for code that sees every row. */
export function storedValueSql(field: Computed, { entity, index, row, tenant }: StoredPlace): Sql {
  const scope = { index, entity, row, actor: statementActor, related: 'inline', depth: 0 } as const
  return computedToSql(field, tenant === undefined ? scope : { ...scope, tenant }, conditionToSql)
}

/** A stored formula of an entity. */
export interface StoredField {
  readonly entity: Entity
  readonly field: Computed
}

/** All stored formulas of a model, each behind those that it reads. */
export function storedInOrder(index: ModelIndex): readonly StoredField[] {
  const ordered: StoredField[] = []
  const all = index.model.entities.flatMap((entity) => storedOf(entity).map((field) => ({ entity, field })))
  const visit = (each: StoredField): void => {
    if (ordered.includes(each)) return
    const { reads } = storedReads(each.field, each.entity, index.entities)
    for (const { entity, columns } of reads)
      for (const other of all)
        if (other !== each && other.entity.name === entity.name && columns.includes(storedColumn(other.field)))
          visit(other)
    ordered.push(each)
  }
  for (const each of all) visit(each)
  return ordered
}
