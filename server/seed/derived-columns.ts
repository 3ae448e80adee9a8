import { type Sql, sql } from '#base'
import { orderedParts } from '#migrations'
import { carriedColumns, type Entity, type Model, type ToOne } from '#schema'
import type { SeedRow, SeedValue } from './define-seed.ts'
import type { SeedBatch } from './plan-seed.ts'

/** A column that triggers would fill; they are off while a seed is written. */
export interface DerivedColumn {
  readonly column: string
  /** Its value, beside the columns of `r`, a row of the seed. */
  readonly value: Sql
}

/** Places of ordered parts behind those of rows that are not the seed's, and what paths lead to. */
export function derivedColumns(model: Model, { entity, ids }: SeedBatch): readonly DerivedColumn[] {
  return [
    ...orderedParts(entity).map(({ column, position }) => placeColumn(entity, { column, position, ids })),
    ...carriedColumns(entity).map(({ column, hop, end }) => copyColumn(model, column, hop, end)),
  ]
}

/** Places from 1 within each whole, in the order of the rows. */
export function placesOf(entity: Entity, rows: readonly SeedRow[]): readonly Readonly<Record<string, SeedValue>>[] {
  const parts = orderedParts(entity)
  const counts = new Map<string, number>()
  return rows.map((row) =>
    Object.fromEntries(
      parts.map(({ name, position }) => {
        const key = JSON.stringify([name, row[name]])
        const place = (counts.get(key) ?? 0) + 1
        counts.set(key, place)
        return [position, place]
      }),
    ),
  )
}

interface Place {
  readonly column: string
  readonly position: string
  readonly ids: readonly string[]
}

function placeColumn(entity: Entity, { column, position, ids }: Place): DerivedColumn {
  const [whole, place] = [sql.identifier(column), sql.identifier(position)]
  const siblings = sql`t.tenant_id = r.tenant_id and t.${whole} = r.${whole} and t.id <> all (${sql.value(ids)}::uuid[])`
  const last = sql`select coalesce(max(t.${place}), 0) from ${sql.identifier(entity.schema, entity.table)} t where ${siblings}`
  return { column: position, value: sql`r.${place} + (${last})` }
}

function copyColumn(model: Model, column: string, hop: ToOne, end: string): DerivedColumn {
  const holder = model.entities.find((each) => each.name === hop.to)!
  const source = holder.relations.find((each): each is ToOne => each.kind === 'one' && each.name === end)!
  const table = sql.identifier(holder.schema, holder.table)
  const value = sql`(select t.${sql.identifier(source.column)} from ${table} t
    where t.tenant_id = r.tenant_id and t.id = r.${sql.identifier(hop.column)})`
  return { column, value }
}
