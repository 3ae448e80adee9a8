import { type Model, secretsOf } from '#schema'
import type { RowValues } from '../mutations/column-values.ts'
import { leaveRow } from '../mutations/insert-row.ts'
import { plainColumns } from '../mutations/plain-columns.ts'
import { lateKeyOf, newColumns, type WrittenEntity } from '../mutations/write-row.ts'
import { nestedModel } from '../nested/nested-sides.ts'
import { writableFields } from '../writable-fields.ts'
import type { DirectWrite } from './direct-write.ts'

/** What `create` makes. */
export interface CreatedEntity extends Pick<WrittenEntity, 'entity' | 'entities' | 'table'> {
  /** That the schema was built from. */
  readonly model: Model
  /** Name of the row in the input. */
  readonly at: string
}

/** How a new row by itself is sent; null where its key is not one that Postgres can tell the statements behind it, or it may hold a secret. */
export function sendCreate({ model, at, ...of }: CreatedEntity): DirectWrite | null {
  const key = lateKeyOf(of)
  if (key === null || secretsOf(of.entity).length > 0) return null
  const names = new Set(writableFields(of.entity, of.entities).map(({ name }) => name))
  const plain = plainColumns(of.entity, of.entities)
  const isAlone = (values: RowValues) =>
    Object.keys(values).every((name) => names.has(name)) &&
    nestedModel(model)
      .neededElsewhere(of.entity)
      .every((name) => values[name] != null)
  return {
    key,
    sendOf(input) {
      const values = (input[at] ?? {}) as RowValues
      // What else a row says is written by statements of its own, or refused.
      if (input.idempotencyKey != null || !isAlone(values)) return null
      const columns = newColumns(of, values)
      return (client) => leaveRow(client, { table: of.table, columns, plain })
    },
  }
}
