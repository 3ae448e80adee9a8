import { type ColumnField, fieldOfColumn, isKeyField } from './field-of-column.ts'
import { type Finding, type FindingCode, finding } from './finding.ts'
import { type FoundColumn, type FoundDatabase, type FoundTable, nameOfTable } from './found-database.ts'
import { surveyedView } from './surveyed-view.ts'
import { memberName } from './words.ts'

/** Parts of a database that the language refused in an earlier round, with its reason. */
export type Refusals = ReadonlyMap<string, string>

/** How an import reads. */
export interface ImportOptions {
  /** Column that says whose a row is, in every table that has it. */
  readonly tenantColumn: string | null
}

/** A table that becomes an entity. */
export interface Surveyed {
  readonly table: FoundTable
  /** `public.orders` */
  readonly at: string
  /** Columns of the primary key, without the tenant's. */
  readonly key: readonly string[]
  readonly tenant: { readonly column: string; readonly inKey: boolean } | null
  readonly columns: readonly SurveyedColumn[]
}

/** What a column becomes. */
export interface SurveyedColumn {
  readonly column: FoundColumn
  /** `public.orders.status` */
  readonly at: string
  readonly field: ColumnField
  /** A field of the author's, the `id` or a moment that Rowhouse keeps. */
  readonly as: 'field' | 'id' | 'createdAt' | 'updatedAt' | 'deletedAt'
}

/** Tables that become entities, and what cannot. */
export interface Survey {
  readonly tables: readonly Surveyed[]
  readonly findings: readonly Finding[]
}

/** Which tables and columns entities can be made of. */
export function surveyTables(found: FoundDatabase, options: ImportOptions, refused: Refusals): Survey {
  const findings: Finding[] = []
  const tables = found.tables.flatMap((table) => surveyTable(table, options, refused, findings) ?? [])
  return { tables, findings }
}

const kinds: Readonly<Record<string, string>> = {
  p: 'a partitioned table',
  v: 'a view',
  m: 'a materialized view',
  f: 'a foreign table',
}
const ownSchemas: ReadonlySet<string> = new Set([
  ...['app', 'rowhouse', 'rowhouse_private', 'rowhouse_queue', 'graphile_migrate', 'graphile_worker'],
])

function surveyTable(
  table: FoundTable,
  options: ImportOptions,
  refused: Refusals,
  findings: Finding[],
): Surveyed | null {
  const at = nameOfTable(table)
  const leave = (code: FindingCode, what: string, hint: string | null = null): null => {
    findings.push(finding(code, at, what, hint))
    return null
  }
  const view = ownSchemas.has(table.schema) ? null : surveyedView(table, options.tenantColumn, isSqlName)
  if (view !== null) {
    findings.push(view)
    return null
  }
  const oddity = kinds[table.kind] ?? table.oddity
  if (oddity !== null) return leave('TABLE_KIND', oddity)
  if (ownSchemas.has(table.schema)) return leave('TABLE_SCHEMA', `schema ${table.schema}`)
  if (!isSqlName(table.schema) || !isSqlName(table.name)) return leave('TABLE_NAME', 'its name')
  const reason = refused.get(`table:${at}`)
  if (reason !== undefined) return leave('TABLE_REFUSED', 'the table', reason)
  const primary = table.constraints.find(({ kind }) => kind === 'p')
  if (primary === undefined) return leave('TABLE_KEYLESS', 'no primary key')
  const tenant = tenantOf(table, primary.columns, options)
  if (tenant === 'unfit') return leave('TABLE_TENANT', `column ${options.tenantColumn}`)
  const key = primary.columns.slice(tenant?.inKey === true ? 1 : 0)
  const outs: Finding[] = []
  const columns = table.columns
    .filter(({ name }) => name !== tenant?.column)
    .flatMap((column) => surveyColumn(column, { at, key, refused, links: linkColumns(table) }, outs) ?? [])
  const isWhole = key.length > 0 && key.every((name) => columns.some((each) => each.column.name === name))
  const keyFields = columns.filter(({ column }) => key.includes(column.name))
  if (!isWhole || !keyFields.every(({ field }) => isKeyField(field))) return leave('TABLE_KEY', primary.definition)
  findings.push(...outs)
  const unsaid = tenant === null ? columns.find(({ column }) => memberName(column.name) === 'tenantId') : undefined
  if (unsaid !== undefined) findings.push(finding('TENANT_SHARED', unsaid.at, unsaid.column.type))
  return { table, at, key, tenant, columns }
}

/** Rows that are somebody's must never be shown to others because the column does not fit. */
function tenantOf(
  table: FoundTable,
  key: readonly string[],
  { tenantColumn }: ImportOptions,
): Surveyed['tenant'] | 'unfit' {
  const column = table.columns.find(({ name }) => name === tenantColumn)
  if (column === undefined) return null
  const inKey = key[0] === column.name
  const isFit =
    column.type === 'uuid' && column.notNull && isSqlName(column.name) && (inKey || !key.includes(column.name))
  return isFit ? { column: column.name, inKey } : 'unfit'
}

interface ColumnPlace {
  readonly at: string
  readonly key: readonly string[]
  readonly refused: Refusals
  /** Columns that lead elsewhere by themselves. */
  readonly links: ReadonlySet<string>
}

function linkColumns({ constraints }: FoundTable): ReadonlySet<string> {
  return new Set(constraints.flatMap(({ kind, columns }) => (kind === 'f' && columns.length === 1 ? columns : [])))
}

function surveyColumn(column: FoundColumn, place: ColumnPlace, findings: Finding[]): SurveyedColumn | null {
  const at = `${place.at}.${column.name}`
  const leave = (code: FindingCode, what: string, hint: string | null = null): null => {
    findings.push(finding(code, at, what, lossHint(column, hint)))
    return null
  }
  const field = fieldOfColumn(column)
  if (!isSqlName(column.name)) return leave('COLUMN_NAME', column.type)
  if (column.isGenerated) return leave('COLUMN_GENERATED', `generated always as ${column.default}`)
  if (column.ownType === 'an enum' && !column.type.endsWith('[]')) return leave('COLUMN_ENUM', enumText(column))
  if (field === null)
    return leave('COLUMN_TYPE', column.ownType === null ? column.type : `${column.type}, ${column.ownType}`)
  const reason = place.refused.get(`column:${at}`)
  if (reason !== undefined) return leave('COLUMN_REFUSED', column.type, reason)
  return { column, at, field, as: roleOf(column, field, place) }
}

function enumText({ type, labels }: FoundColumn): string {
  return `${type}: ${labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(', ')}`
}

/** Without the column, rows that need it are made elsewhere alone. */
function lossHint({ notNull, default: value, identity, isGenerated }: FoundColumn, hint: string | null): string | null {
  const isNeeded = notNull && value === null && identity === null && !isGenerated
  return isNeeded ? 'It is not null and has no default, so Rowhouse can make no rows of this table.' : hint
}

const moments = ['createdAt', 'updatedAt', 'deletedAt'] as const

function roleOf(column: FoundColumn, field: ColumnField, { key, links }: ColumnPlace): SurveyedColumn['as'] {
  if (links.has(column.name)) return 'field'
  if (key.length === 1 && key[0] === column.name) {
    const isCounted = column.isSerial || column.identity !== null
    if (field.builder === 'uuid' || (isCounted && ['int', 'int64'].includes(field.builder))) return 'id'
  }
  const moment = moments.find((name) => name === memberName(column.name))
  if (moment === undefined || field.builder !== 'datetime' || key.includes(column.name)) return 'field'
  return column.notNull === (moment !== 'deletedAt') ? moment : 'field'
}

/** What the language takes as a name of Postgres. */
export function isSqlName(name: string): boolean {
  return /^[\p{L}_](?:[\p{L}\p{N}_$ -]*[\p{L}\p{N}_$-])?$/u.test(name) && !systemColumns.has(name)
}

const systemColumns: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'])
