import { type Sql, sql } from '#base'
import { orderedParts } from '#migrations'
import { type CarriedColumn, carriedColumns, type Entity, type Model, type ToOne, tenantColumnOf } from '#schema'
import { type Stage, sequenceColumn } from './staging.ts'

/** Columns that triggers would fill; they are off while a seed is written. */
export interface DerivedColumns {
  /** By column, beside the columns of `r`, a row of a stage. */
  readonly values: ReadonlyMap<string, Sql>
  /** Joins that the values need. */
  readonly joins: Sql
}

/** Rows that wait, and what makes them one. */
interface Staged {
  readonly entity: Entity
  /** Columns of the primary key. */
  readonly key: readonly string[]
  /** All of the entity's. */
  readonly stages: readonly Stage[]
}

/** Places of ordered parts behind those of rows that are not the seed's, and what paths lead to. */
export function derivedColumns(model: Model, staged: Staged): DerivedColumns {
  const places = orderedParts(staged.entity).map(({ column, position }, at) =>
    placeOf(staged, { column, position, at }),
  )
  const copies = carriedColumns(staged.entity).map((carried) => copyOf(model, staged.entity, carried))
  return {
    values: new Map([...places, ...copies].map(({ column, value }) => [column, value])),
    joins: sql.join(
      places.map(({ join }) => join),
      ' ',
    ),
  }
}

interface Place {
  readonly column: string
  readonly position: string
  /** Tells the places of a row in several wholes apart. */
  readonly at: number
}

/** From 1 within each whole, in the order of the seed, behind the last of the others. */
function placeOf({ entity, key, stages }: Staged, { column, position, at }: Place) {
  const [whole, place, sequence] = [column, position, sequenceColumn].map((name) => sql.identifier(name)) as [
    Sql,
    Sql,
    Sql,
  ]
  const [placed, last] = [sql.identifier(`placed ${at}`), sql.identifier(`last ${at}`)]
  const tenantColumn = tenantColumnOf(entity)
  const within = sql.join([...(tenantColumn === null ? [] : [sql.identifier(tenantColumn)]), whole], ', ')
  const rows = stages.map((stage) => sql`select ${sequence}, ${within} from ${stage.table}`)
  const ours = stages.map(
    (stage) =>
      sql`not exists (select from ${stage.table} s where ${sql.join(
        key.map((name) => sql`s.${sql.identifier(name)} = t.${sql.identifier(name)}`),
        ' and ',
      )})`,
  )
  const sameTenant =
    tenantColumn === null
      ? sql.empty
      : sql`${last}.${sql.identifier(tenantColumn)} = r.${sql.identifier(tenantColumn)} and `
  const join = sql`join (
      select ${sequence}, row_number() over (partition by ${within} order by ${sequence}) as place
      from (${sql.join(rows, ' union all ')}) u
    ) ${placed} on ${placed}.${sequence} = r.${sequence}
    left join (
      select ${within}, max(${place}) as place from ${sql.identifier(entity.schema, entity.table)} t
      where ${sql.join(ours, ' and ')} group by ${within}
    ) ${last} on ${sameTenant}${last}.${whole} = r.${whole}`
  return { column: position, value: sql`${placed}.place + coalesce(${last}.place, 0)`, join }
}

function copyOf(model: Model, entity: Entity, { column, hop, end }: CarriedColumn) {
  const holder = model.entities.find((each) => each.name === hop.to)!
  const source = holder.relations.find((each): each is ToOne => each.kind === 'one' && each.name === end)!
  const tenants = [tenantColumnOf(holder), tenantColumnOf(entity)]
  const same = tenants.includes(null)
    ? sql.empty
    : sql`h.${sql.identifier(tenants[0]!)} = r.${sql.identifier(tenants[1]!)} and `
  const value = sql`(select h.${sql.identifier(source.column)} from ${sql.identifier(holder.schema, holder.table)} h
    where ${same}h.id = r.${sql.identifier(hop.column)})`
  return { column, value }
}
