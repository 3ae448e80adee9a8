import { type Sql, sql } from '#base'
import { type ModelIndex, namedRow, type RowReference, tableSql, valueType } from '#policies'
import { type Computed, type Entity, storedColumn, storedReads, tenantColumnOf } from '#schema'
import { type StoredField, type StoredPlace, storedInOrder, storedValueSql } from '../catalog/stored/stored-value.ts'

/** A statement that computes stored formulas of rows that are there. */
export interface StoredFill {
  readonly entity: Entity
  /** Entities whose rows it reads beside the row itself. */
  readonly reads: readonly Entity[]
  /** Those of them whose rows are found by the row that they refer to: by an index, where there is one. */
  readonly sought: readonly Entity[]
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
    if (!readsOf(each, index).some((read) => names.has(read.entity.name)) && !names.has(entity.name)) continue
    // What follows from these values follows from changed rows.
    names.add(entity.name)
    const last = groups.at(-1)
    const isBeside = last?.entity === entity && !last.fields.some((other) => followsOthers(each, other, index))
    if (isBeside) last.fields.push(field)
    else groups.push({ entity, fields: [field] })
  }
  return groups.map((group) => fill(group.entity, group.fields, index))
}

function readsOf({ entity, field }: StoredField, index: ModelIndex) {
  return storedReads(field, entity, index.entities).reads
}

/** Whether a value follows from that of another row of the same table. */
function followsOthers({ entity, field }: StoredField, other: Computed, index: ModelIndex): boolean {
  return readsOf({ entity, field }, index).some(
    (read) => read.hops.length > 0 && read.entity.name === entity.name && read.columns.includes(storedColumn(other)),
  )
}

function fill(entity: Entity, fields: readonly Computed[], index: ModelIndex): StoredFill {
  const table = tableSql(entity)
  const columns = fields.map((field) => sql.identifier(storedColumn(field)))
  const made = columns.map((_, at) => sql.raw(`c.v${at}`))
  const there = columns.map((column) => sql`r0.${column}`)
  const set = columns.map((column, at) => sql`${column} = ${made[at]!}`)
  const statement = sql`update ${table} r0 set ${sql.join(set, ', ')}
    from (select t0.ctid as place, ${valuesOf(fields, { entity, index })} offset 0) c
    where r0.ctid = c.place and (${sql.join(there, ', ')}) is distinct from (${sql.join(made, ', ')})`
  const others = fields.flatMap((field) => readsOf({ entity, field }, index)).filter(({ hops }) => hops.length > 0)
  const sought = others.filter(({ hops }) => hops.at(-1)!.kind === 'children')
  return { entity, reads: entitiesOf(others), sought: entitiesOf(sought), statement }
}

function entitiesOf(reads: readonly { readonly entity: Entity }[]): readonly Entity[] {
  return [...new Set(reads.map(({ entity }) => entity))]
}

/** `v0, v1 from …`: values of fields, where one that follows from another of the same row reads what that one becomes. */
function valuesOf(fields: readonly Computed[], { entity, index }: Pick<StoredPlace, 'entity' | 'index'>): Sql {
  const own = namedRow('t0')
  const tenant = tenantColumnOf(entity)
  const steps: Sql[] = []
  const made = new Map<string, Sql>()
  for (const [at, field] of fields.entries()) {
    const row: RowReference = { column: (name) => made.get(name) ?? own.column(name) }
    const value = storedValueSql(field, {
      entity,
      index,
      row,
      ...(tenant === null ? {} : { tenant: own.column(tenant) }),
    })
    // Postgres would compute what another reads once more for each that does.
    steps.push(
      sql`cross join lateral (select (${value})::${sql.raw(valueType(field.type))} as v${sql.raw(String(at))} offset 0) s${sql.raw(String(at))}`,
    )
    made.set(storedColumn(field), sql.raw(`s${at}.v${at}`))
  }
  return sql`${sql.join([...made.values()], ', ')} from ${tableSql(entity)} t0 ${sql.join(steps, ' ')}`
}
