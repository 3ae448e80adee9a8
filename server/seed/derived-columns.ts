import { type Sql, sql } from '#base'
import { orderedParts } from '#migrations'
import {
  type CarriedColumn,
  carriedColumnsOf,
  entityOf,
  heldType,
  idColumnOf,
  indexModel,
  type ModelIndex,
} from '#policies'
import {
  type Entity,
  linkColumnOf,
  type Model,
  ours,
  type ToOne,
  targetTenantColumn,
  tenantColumnOf,
  toOnesOf,
} from '#schema'
import { defaultColumns } from './default-columns.ts'
import { type Stage, sequenceColumn } from './stage.ts'

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

/** Places of ordered parts behind those of rows that are not the seed's, what paths lead to, and defaults by formula. */
export function derivedColumns(model: Model, staged: Staged): DerivedColumns {
  const places = orderedParts(staged.entity).map(({ column, position }, at) =>
    placeOf(staged, { column, position, at }),
  )
  const entities = new Map(model.entities.map((each) => [each.name, each]))
  const targets = toOnesOf(staged.entity).flatMap((relation) => {
    const column = targetTenantColumn(relation, entities)
    if (column === null) return []
    return [targetOf(staged, { relation, column, target: entities.get(relation.to)! })]
  })
  const index = indexModel(model)
  const copies = carriedColumnsOf(staged.entity, index).map((carried) => copyOf(staged.entity, carried, index))
  const defaults = defaultColumns(model, staged.entity)
  return {
    values: new Map([...places, ...copies, ...targets, ...defaults].map(({ column, value }) => [column, value])),
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

interface Target {
  readonly relation: ToOne
  readonly column: string
  readonly target: Entity
}

/** Whose the row is that another leads to: ours or the tenant's own, which may only be coming with the same seed. */
function targetOf({ entity, stages }: Staged, { relation, column, target }: Target) {
  const link = sql.identifier(relation.column)
  const found = sql`select h.tenant_id from ${sql.identifier(target.schema, target.table)} h
    where h.id = r.${link} and h.tenant_id in (r.tenant_id, ${sql.literal(ours)}::uuid)`
  // Rows of the table itself that wait are not there yet.
  const waiting = stages.map(
    (stage) =>
      sql`select h.tenant_id from ${stage.table} h where h.id = r.${link} and h.tenant_id in (r.tenant_id, ${sql.literal(ours)}::uuid)`,
  )
  const all = target === entity ? [found, ...waiting] : [found]
  return { column, value: sql`(select u.tenant_id from (${sql.join(all, ' union all ')}) u limit 1)` }
}

function copyOf(entity: Entity, { column, hop, source, end }: CarriedColumn, index: ModelIndex) {
  const holder = entityOf(index, hop.to)
  const tenants = [tenantColumnOf(holder), tenantColumnOf(entity)]
  const same = tenants.includes(null)
    ? sql.empty
    : sql`h.${sql.identifier(tenants[0]!)} = r.${sql.identifier(tenants[1]!)} and `
  // Of a row that is not there the plain foreign key tells more than a copy that is missing.
  const none = sql.raw(/uuid/.test(heldType(linkColumnOf(end, index.entities))) ? `'${ours}'` : `'0'`)
  const value = sql`coalesce((select h.${sql.identifier(source)} from ${sql.identifier(holder.schema, holder.table)} h
    where ${same}h.${sql.identifier(idColumnOf(holder, index).column)} = r.${sql.identifier(hop.column)}), ${none})`
  return { column, value }
}
