import { type Sql, sql } from '#base'
import { type ModelIndex, namedRow, tableSql } from '#policies'
import { type Computed, type Entity, storedColumn, storedReads, tenantColumnOf } from '#schema'
import { type StoredField, storedInOrder, storedValueSql } from '../catalog/stored/stored-value.ts'

/** A statement that computes stored formulas of rows that are there. */
export interface StoredFill {
  readonly entity: Entity
  /** Entities whose rows it reads. */
  readonly reads: readonly Entity[]
  readonly statement: Sql
}

/**
 * Statements that compute the stored formulas which follow from rows of some entities, in order; for whoever sees the rows of all tenants, as the
 * owner does while it loads them past triggers. What is right already is not written.
 */
export function storedFills(changed: readonly Entity[], index: ModelIndex): readonly StoredFill[] {
  const names = new Set(changed.map(({ name }) => name))
  const groups: { readonly entity: Entity; readonly fields: Computed[] }[] = []
  for (const each of storedInOrder(index)) {
    const { entity, field } = each
    if (!readsOf(each, index).some(({ name }) => names.has(name)) && !names.has(entity.name)) continue
    // What follows from these values follows from changed rows.
    names.add(entity.name)
    const last = groups.at(-1)
    const isBeside = last?.entity === entity && !last.fields.some((other) => follows(each, other, index))
    if (isBeside) last.fields.push(field)
    else groups.push({ entity, fields: [field] })
  }
  return groups.map((group) => fill(group.entity, group.fields, index))
}

function readsOf({ entity, field }: StoredField, index: ModelIndex): readonly Entity[] {
  return storedReads(field, entity, index.entities).reads.map((read) => read.entity)
}

function follows({ entity, field }: StoredField, other: Computed, index: ModelIndex): boolean {
  const { reads } = storedReads(field, entity, index.entities)
  return reads.some((read) => read.entity.name === entity.name && read.columns.includes(storedColumn(other)))
}

function fill(entity: Entity, fields: readonly Computed[], index: ModelIndex): StoredFill {
  const row = namedRow('t0')
  const tenant = tenantColumnOf(entity)
  const place = { entity, index, row, ...(tenant === null ? {} : { tenant: row.column(tenant) }) }
  const columns = fields.map((field) => sql.identifier(storedColumn(field)))
  const values = fields.map((field, at) => sql`${storedValueSql(field, place)} as ${sql.identifier(`v${at}`)}`)
  const of = (alias: Sql, names: readonly Sql[]) =>
    sql.join(
      names.map((name) => sql`${alias}.${name}`),
      ', ',
    )
  const made = columns.map((_, at) => sql.identifier(`v${at}`))
  const target = sql.raw('r0')
  const set = columns.map((column, at) => sql`${column} = c.${made[at]!}`)
  const statement = sql`update ${tableSql(entity)} ${target} set ${sql.join(set, ', ')}
    from (select t0.ctid as place, ${sql.join(values, ', ')} from ${tableSql(entity)} t0 offset 0) c
    where ${target}.ctid = c.place and (${of(target, columns)}) is distinct from (${of(sql.raw('c'), made)})`
  const reads = [...new Set(fields.flatMap((field) => readsOf({ entity, field }, index)))]
  return { entity, reads, statement }
}
