import { type Sql, sql } from '#base'
import { heldType, type ModelIndex, type RowReference } from '#policies'
import { type Entity, keyColumnsOf } from '#schema'

/** What identifies a row as one value, for lists of rows: its id, or its key as JSON where the key has several columns. */
export interface RowKey {
  /** `uuid`, or `jsonb`. */
  readonly type: string
  of(row: RowReference): Sql
}

/** `character` alone would be `character(1)`, and cut. */
function arrayElement(type: string): string {
  const family = type.replace(/\(.*?\)/, '')
  return family === 'character' ? 'bpchar' : family
}

/** How rows of the entity are listed. */
export function rowKeyOf(entity: Entity, index: ModelIndex): RowKey {
  const columns = keyColumnsOf(entity, index.entities)
  const [first] = columns
  if (columns.length === 1 && first !== undefined)
    return { type: arrayElement(heldType(first)), of: (row) => row.column(first.column) }
  const parts = (row: RowReference) => columns.map(({ column }) => row.column(column))
  return { type: 'jsonb', of: (row) => sql`pg_catalog.jsonb_build_array(${sql.join(parts(row), ', ')})` }
}
