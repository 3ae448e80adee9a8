import { RequestError } from '#base'
import type { RefusedRows } from '../refused-rows.ts'

/**
 * What a caller may know of rows that are refused: of each what it would be told if the row were written alone, with its place. Null when that
 * is nothing for one of them.
 */
export function tellRows(
  { faults, path }: RefusedRows,
  translate: (error: unknown) => RequestError | null,
): RequestError | null {
  const told = faults.map(({ index, error }) => ({ index, error: translate(error) }))
  const known = told.flatMap(({ index, error }) => (error === null ? [] : [{ index, error }]))
  const [first] = known
  if (first === undefined || known.length < told.length) return null
  const rows = known.map(({ index, error: { code, message, extensions } }) => ({
    ...{ index, code, message },
    ...extensions,
    ...('fields' in extensions ? { fields: placed(extensions.fields, `${path}.${index}`) } : {}),
  }))
  const fields = rows.flatMap((row) => ('fields' in row ? (row.fields as readonly string[]) : []))
  const count = rows.length === 1 ? '' : `${rows.length} rows are refused. `
  const message = `${count}"${path}.${first.index}": ${first.error.message}`
  return new RequestError(first.error.code, message, { ...(fields.length === 0 ? {} : { fields }), rows })
}

function placed(fields: unknown, row: string): readonly string[] {
  return Array.isArray(fields) ? fields.map((field) => `${row}.${field}`) : []
}
