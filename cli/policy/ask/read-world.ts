import type { ClientBase } from 'pg'
import { type Sql, sql, toText } from '#base'
import { indexModel, type Row, type RowValue, tableSql, type World } from '#policies'
import {
  columnFields,
  type Entity,
  type FieldType,
  isReadOnly,
  isShared,
  type Model,
  ownTenantColumn,
  toOnesOf,
} from '#schema'

/**
 * All rows of the transaction's tenant, removed ones too, as the evaluator reads them. The transaction must be that of `:PRIVATE`, which alone sees all
 * of them.
 */
export async function readWorld(client: ClientBase, model: Model): Promise<World> {
  const rows: Record<string, readonly Row[]> = {}
  for (const entity of model.entities) {
    if (isReadOnly(entity)) continue
    rows[entity.name] = await readRows(client, entity)
  }
  return { index: indexModel(model), rows, now: await readNow(client) }
}

/** The instant of the transaction, as the evaluator has it. */
export async function readNow(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ now: string }>(toText(sql`select ${utc(sql`now()`)} as now`))
  return rows[0]!.now
}

/** Which rows of an entity. */
export interface WhichRows {
  /** A condition on its columns. */
  readonly where: Sql
  readonly values: readonly unknown[]
  readonly limit: number
}

/** Rows of an entity as the evaluator reads them, those that the transaction sees. */
export async function readRows(client: ClientBase, entity: Entity, which?: WhichRows): Promise<readonly Row[]> {
  const ones = toOnesOf(entity).map(({ name, column }) => ({ name, value: sql`${sql.identifier(column)}::text` }))
  const fields = columnFields(entity).map(({ name, column, type }) => ({
    name,
    value: shown(sql.identifier(column), type),
  }))
  // Of a shared entity null means ours.
  const whose = isShared(entity) ? [{ name: '$tenant', value: sql`${sql.identifier(ownTenantColumn)}::text` }] : []
  const parts = [...fields, ...ones, ...whose]
  const list = sql.join(
    parts.map(({ value }) => value),
    ', ',
  )
  const some = which === undefined ? sql.empty : sql` where ${which.where} limit ${sql.literal(which.limit)}`
  const text = toText(sql`select ${list} from ${tableSql(entity)}${some}`)
  const found = await client.query({ text, values: [...(which?.values ?? [])], rowMode: 'array' })
  return (found.rows as unknown as RowValue[][]).map((values) =>
    Object.fromEntries(parts.map(({ name }, at) => [name, values[at]!])),
  )
}

/** As rows of the evaluator hold it: exact numbers and moments are texts. */
function shown(column: Sql, type: FieldType): Sql {
  switch (type.kind) {
    case 'boolean':
    case 'shape':
    case 'dict':
    case 'list':
      return type.kind === 'list' ? sql`to_jsonb(${column})` : column
    case 'datetime':
      return utc(column)
    case 'money':
      return type.minor ? sql`(${column}::numeric / ${sql.literal(10 ** type.scale)})::text` : sql`${column}::text`
    default:
      return sql`${column}::text`
  }
}

function utc(instant: Sql): Sql {
  return sql`to_char(${instant}::timestamptz at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

/** The row of an entity with that key. */
export function rowOf(world: World, entity: Entity, id: string): Row | undefined {
  return world.rows[entity.name]?.find((row) => row[entity.key[0] ?? 'id'] === id)
}
