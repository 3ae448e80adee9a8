import { didYouMean, snakeCase } from '#base'
import type { Problems } from '../load/problems.ts'
import { columnTypesOf, normalColumnType } from '../model/column-types.ts'
import type { FieldType, ModelPath } from '../model/model.ts'
import { isPlainObject, readOptions } from './options.ts'

/** Where a field or relation is kept. */
export interface ColumnPlace {
  readonly column: string
  readonly columnType: string | null
}

/** What a column is for. */
export interface ColumnOf {
  /** Name of the field or relation, which names the column where the author does not. */
  readonly name: string
  readonly type: FieldType
}

/** Reads `column: 'unit_price'` and `column: { name: 'unit_price', type: 'real' }`; absent: from the field's name. */
export function readColumn(given: unknown, of: ColumnOf, path: ModelPath, problems: Problems): ColumnPlace {
  const fallback = snakeCase(of.name)
  if (given === undefined) return { column: fallback, columnType: null }
  if (!isPlainObject(given)) return { column: readSqlName(given, path, problems) ?? fallback, columnType: null }
  const options = readOptions(given, path, problems)
  const name = options.raw('name')
  const column = name === undefined ? fallback : (readSqlName(name, [...path, 'name'], problems) ?? fallback)
  const written = options.word('type')
  options.done()
  if (written === null) return { column, columnType: null }
  return { column, columnType: readColumnType(written, of.type, [...path, 'type'], problems) }
}

function readColumnType(written: string, type: FieldType, path: ModelPath, problems: Problems): string | null {
  const normal = normalColumnType(written)
  const known = columnTypesOf(type)
  // `character varying(40)` is of the family `character varying`.
  const family = normal?.replace(/\(.*?\)/, '') ?? null
  if (normal !== null && family !== null && known.includes(family)) return normal
  const near = didYouMean(written, known)
  const usual = known.length === 0 ? 'Leave `type` out.' : `Such a field may be kept as ${known.join(', ')}.`
  const hint = near === null ? usual : `Did you mean "${near}"?`
  const message = `A field of kind "${type.kind}" cannot be kept in a column of type "${written}".`
  problems.report('COLUMN_TYPE_INVALID', { path }, message, { hint })
  return null
}

/** A name of Postgres that the author gives: letters, digits, `_`, `$`, blanks and hyphens. Null with a report. */
export function readSqlName(given: unknown, path: ModelPath, problems: Problems): string | null {
  if (typeof given === 'string' && systemColumns.has(given)) {
    problems.report('NAME_RESERVED', { path }, `"${given}" is a column that every table of Postgres has.`)
    return null
  }
  if (typeof given === 'string' && isSqlName(given)) return given
  const hint = 'Such names have letters, digits, "_", "$", blanks and hyphens, and begin with a letter or "_".'
  const message =
    typeof given === 'string' ? `"${given}" cannot be a name in Postgres here.` : 'This must be a name in quotes.'
  problems.report('NAME_INVALID', { path }, message, { hint })
  return null
}

const systemColumns: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'])

function isSqlName(name: string): boolean {
  return /^[\p{L}_](?:[\p{L}\p{N}_$ -]*[\p{L}\p{N}_$-])?$/u.test(name)
}
