import type { ClientBase } from 'pg'
import { type Sql, sql, toText } from '#base'
import { indexModel, type Row, type RowValue, tableSql, type World } from '#policies'
import { columnFields, type Entity, type FieldType, isReadOnly, type Model, toOnesOf } from '#schema'

/**
 * All rows of the transaction's tenant, removed ones too, as the evaluator reads them. The transaction must be that of `:PRIVATE`, which alone sees all
 * of them.
 */
export async function readWorld(client: ClientBase, model: Model): Promise<World> {
  const rows: Record<string, readonly Row[]> = {}
  for (const entity of model.entities) {
    if (isReadOnly(entity)) continue
    const parts = columnFields(entity).map((field) => ({ ...field, type: field.type }))
    const fields = parts.map(({ column, type }) => shown(sql.identifier(column), type))
    const ones = toOnesOf(entity).map(({ column }) => sql`${sql.identifier(column)}::text`)
    const list = sql.join([...fields, ...ones], ', ')
    const names = [...parts, ...toOnesOf(entity)].map(({ name }) => name)
    const found = await client.query<RowValue[]>({
      text: toText(sql`select ${list} from ${tableSql(entity)}`),
      rowMode: 'array',
    } as never)
    rows[entity.name] = (found.rows as unknown as RowValue[][]).map((values) =>
      Object.fromEntries(names.map((name, at) => [name, values[at]!])),
    )
  }
  const { rows: instants } = await client.query<{ now: string }>(toText(sql`select ${utc(sql`now()`)} as now`))
  return { index: indexModel(model), rows, now: instants[0]!.now }
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
