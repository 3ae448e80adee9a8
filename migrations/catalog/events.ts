import { type Sql, sql } from '#base'
import type { ModelIndex } from '#policies'
import {
  askedEvents,
  columnFields,
  type Entity,
  eventNames,
  type Field,
  isEmbed,
  isZoneless,
  keyColumnsOf,
  leavesOf,
  toOnesOf,
} from '#schema'

/** A part of a row that events tell of, under its name in the API. */
export interface ToldPart {
  readonly name: string
  /** Columns that hold it. */
  readonly columns: readonly string[]
  /** SQL of its value in JSON; null where events tell that it changed and not what it is. */
  value(row: string): Sql | null
}

/** Which events of the entity are written down, because it says so or a subscriber names them, in the order of what can happen to a row. */
export function writtenEvents(entity: Entity, { model }: ModelIndex): readonly string[] {
  const asked = askedEvents(model, entity)
  return eventNames(entity).filter((name) => asked.has(name))
}

/** What of a row events tell: what was declared and its state, not what the database keeps by itself. */
export function toldParts(entity: Entity): readonly ToldPart[] {
  const fields = entity.fields.filter((field) => !field.builtIn || field.name === 'status')
  return [
    ...fields.map((field) => ({
      name: field.name,
      columns: leavesOf(field).map(({ column }) => column),
      value: (row: string) => fieldValue(field, row),
    })),
    ...toOnesOf(entity).map(({ name, column }) => ({
      name: `${name}Id`,
      columns: [column],
      value: (row: string) => sql`to_jsonb(${sql.identifier(row, column)}::text)`,
    })),
  ]
}

/** The parts that can change: not those that identify the row. */
export function changingParts(entity: Entity): readonly ToldPart[] {
  const key = new Set(entity.key.flatMap((name) => [name, `${name}Id`]))
  return toldParts(entity).filter(({ name }) => !key.has(name))
}

/** SQL of the text that tells the row from others: its id, or the values of its key as a list in JSON. */
export function keyText(entity: Entity, row: string, entities: Parameters<typeof keyColumnsOf>[1]): Sql {
  const columns = keyColumnsOf(entity, entities).map(({ column }) => sql`${sql.identifier(row, column)}::text`)
  return columns.length === 1 ? columns[0]! : sql`jsonb_build_array(${sql.join(columns, ', ')})::text`
}

/** What tells something about a person, what nobody reads back and what may be large is not told. */
function fieldValue(field: Field, row: string): Sql | null {
  if (field.pii || field.type.kind === 'secret' || field.type.kind === 'base64') return null
  if (isEmbed(field)) return embedValue(field, row)
  return scalarValue(field, sql.identifier(row, field.column))
}

function scalarValue({ type, columnType }: Field, column: Sql): Sql {
  switch (type.kind) {
    // Exact numbers are texts, so that no reader makes a float of them.
    case 'int64':
    case 'decimal':
      return sql`to_jsonb(${column}::text)`
    case 'money':
      return type.minor
        ? sql`to_jsonb((${column} * ${sql.literal(`1e-${type.scale}`)}::numeric)::text)`
        : sql`to_jsonb(${column}::text)`
    case 'datetime':
      return sql`to_jsonb(${instantText(isZoneless({ columnType }) ? column : sql`(${column} at time zone 'UTC')`)})`
    case 'list':
      return ['int64', 'decimal', 'money'].includes(type.of.kind)
        ? sql`to_jsonb(${column}::text[])`
        : sql`to_jsonb(${column})`
    case 'period': {
      const end = (bound: Sql) =>
        type.of === 'date' ? sql`to_jsonb(${bound})` : sql`to_jsonb(${instantText(sql`(${bound} at time zone 'UTC')`)})`
      const last = type.of === 'date' ? sql`upper(${column}) - 1` : sql`upper(${column})`
      const ends = sql`jsonb_build_object('from', ${end(sql`lower(${column})`)}, 'to', ${end(last)})`
      return sql`case when ${column} is not null then ${ends} end`
    }
    default:
      return sql`to_jsonb(${column})`
  }
}

/** Colons in quotes: before a capital letter they would begin a placeholder. */
function instantText(moment: Sql): Sql {
  return sql`to_char(${moment}, 'YYYY-MM-DD"T"HH24":"MI":"SS.US"Z"')`
}

/** An object of its parts; null where all of them are. */
function embedValue(field: Field, row: string): Sql | null {
  if (!isEmbed(field)) return null
  const parts = field.type.fields.flatMap((part) => {
    const value = fieldValue(part, row)
    return value === null ? [] : [sql`${sql.literal(part.name)}, ${value}`]
  })
  if (parts.length === 0) return null
  const columns = columnFields({ fields: [field] }).map(({ column }) => sql.identifier(row, column))
  return sql`case when num_nonnulls(${sql.join(columns, ', ')}) > 0 then jsonb_build_object(${sql.join(parts, ', ')}) end`
}
