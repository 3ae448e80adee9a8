import type { ClientBase } from 'pg'
import { OperatorError, type Sql, sql, toText } from '#base'
import { builtInField, type Entity, leadingKeyColumns, type Model, tenantColumnOf, toOnesOf } from '#schema'
import { derivedColumns } from './derived-columns.ts'
import { columnOf } from './row-columns.ts'
import { runSql } from './send-rows.ts'
import { type Stage, sequenceColumn } from './stage.ts'

/** What a stage is for. */
export interface StageOf {
  readonly entity: Entity
  readonly columns: readonly string[]
  readonly number: number
  /** Checks about what is filled in when the rows are brought over. */
  readonly later: readonly string[]
}

/**
 * Makes a table with the checks of the entity's, so that a refused row is told by its line. It is an ordinary one: the owner may
 * make no temporary tables, and nobody else ever sees this one.
 */
export async function stageOf(client: ClientBase, { entity, columns, number, later }: StageOf): Promise<Stage> {
  const table = sql.identifier('rowhouse', `seed_rows_${number}`)
  const sequence = sql.identifier(sequenceColumn)
  await client.query(
    toText(
      sql`create table ${table} (${sequence} bigint, like ${tableOf(entity)} including defaults including constraints)`,
    ),
  )
  const { rows } = await runSql(
    client,
    sql`select attname as name from pg_attribute
      where attrelid = ${sql.value(toText(table))}::regclass and attnum > 0 and attnotnull and attname <> all (${sql.value(columns)}::text[])`,
  )
  // What the rows do not say is filled in later.
  const open = (rows as readonly { readonly name: string }[]).map(
    ({ name }) => sql`alter column ${sql.identifier(name)} drop not null`,
  )
  const drops = [...open, ...later.map((name) => sql`drop constraint ${sql.identifier(name)}`)]
  if (drops.length > 0) await client.query(toText(sql`alter table ${table} ${sql.join(drops, ', ')}`))
  return { table, columns, target: { table, columns: [sequenceColumn, ...columns] } }
}

/** Rows to bring over. */
export interface Merge {
  readonly model: Model
  readonly entity: Entity
  readonly stages: readonly Stage[]
}

/**
 * Brings rows over into their table; one that is there becomes what the seed says. Drops the stages.
 *
 * @throws OperatorError SEED_INVALID when two rows have one key, or a key is another tenant's
 */
export async function mergeStages(client: ClientBase, merge: Merge): Promise<void> {
  await refuseTwins(client, merge)
  for (const stage of inOrderOfLeading(merge)) {
    const { rowCount } = await runSql(client, insertion(merge, stage))
    if (merge.entity.link === null && takesKeys(merge.entity))
      await refuseForeign(client, merge, { stage, written: rowCount ?? 0 })
  }
  for (const { table } of merge.stages) await client.query(toText(sql`drop table ${table}`))
}

/** Rows that lead to others of their table come behind those that lead nowhere. */
function inOrderOfLeading({ entity, stages }: Merge): readonly Stage[] {
  const leading = toOnesOf(entity).flatMap((each) => (each.to === entity.name ? [each.column] : []))
  const count = ({ columns }: Stage) => leading.filter((column) => columns.includes(column)).length
  return [...stages].sort((a, b) => count(a) - count(b))
}

/** Columns of the primary key. */
function keyOf(entity: Entity): readonly string[] {
  const own = entity.key.flatMap((name) => columnOf(entity, name) ?? [])
  return [...leadingKeyColumns(entity), ...own]
}

async function refuseTwins(client: ClientBase, { entity, stages }: Merge): Promise<void> {
  if (entity.link !== null) return
  const key = sql.join(keyOf(entity).map(named), ', ')
  const own = entity.key.flatMap((name) => columnOf(entity, name) ?? [])
  const all = sql.join(
    stages.map(({ table }) => sql`select ${key} from ${table}`),
    ' union all ',
  )
  const words = sql.join(
    own.map((column) => sql`${named(column)}::text`),
    `, `,
  )
  const { rows } = await runSql(
    client,
    sql`select array[${words}] as key from (${all}) r group by ${key} having count(*) > 1 order by ${key} limit 20`,
  )
  const twins = (rows as readonly { readonly key: readonly string[] }[]).map(
    (row) => `\n  - Two rows of "${entity.name}" have the ${entity.key.join(' and ')} "${row.key.join(', ')}".`,
  )
  if (twins.length > 0) throw unfit(twins)
}

/** True where a key may be another tenant's. */
function takesKeys(entity: Entity): boolean {
  return tenantColumnOf(entity) !== null && leadingKeyColumns(entity).length === 0
}

/** Rows of other tenants are not taken from them. */
async function refuseForeign(
  client: ClientBase,
  { entity }: Merge,
  { stage, written }: { readonly stage: Stage; readonly written: number },
): Promise<void> {
  const { rows } = await client.query(toText(sql`select count(*)::int as count from ${stage.table}`))
  if (rows[0].count !== written) throw unfit([`\n  - A row of "${entity.name}" has the key of another tenant's row.`])
}

function unfit(problems: readonly string[]): OperatorError {
  return new OperatorError(
    'SEED_INVALID',
    `The seed does not fit the model:${problems.join('')}`,
    'Mend "seed.ts"; nothing was written.',
  )
}

/** One insert of all rows of a stage. */
function insertion({ model, entity, stages }: Merge, stage: Stage): Sql {
  const { columns } = stage
  const key = keyOf(entity)
  const { joins, values: derived } = derivedColumns(model, { entity, key, stages })
  const all = [...new Set([...columns, ...derived.keys()])]
  const removed = builtInField(entity, 'deletedAt')
  const changes = [
    ...all.filter((column) => !key.includes(column)).map((column) => sql`${named(column)} = excluded.${named(column)}`),
    // What somebody removed comes back.
    ...(removed === null || columns.includes(removed.column) ? [] : [sql`${named(removed.column)} = null`]),
  ]
  const values = all.map((column) => derived.get(column) ?? sql`r.${named(column)}`)
  const inserted = sql`insert into ${tableOf(entity)} as t (${sql.join(all.map(named), ', ')})
    select ${sql.join(values, ', ')} from ${stage.table} r ${joins} order by r.${named(sequenceColumn)}`
  // A pair that was linked by hand meanwhile is linked under another id; a row that is nothing but its key stays as it is.
  if (entity.link !== null || changes.length === 0) return sql`${inserted} on conflict do nothing`
  const tenant = tenantColumnOf(entity)
  const same =
    tenant === null || !takesKeys(entity) ? sql.empty : sql` where t.${named(tenant)} = excluded.${named(tenant)}`
  return sql`${inserted}
    on conflict (${sql.join(key.map(named), ', ')}) do update set ${sql.join(changes, ', ')}${same}`
}

function tableOf(entity: Entity): Sql {
  return sql.identifier(entity.schema, entity.table)
}

function named(column: string): Sql {
  return sql.identifier(column)
}
