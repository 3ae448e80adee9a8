import { snakeCase } from '#base'
import { compareDecimals, declare, type FieldDeclaration } from '#schema'
import { defaultOfColumn } from './default-of-column.ts'
import type { ColumnField } from './field-of-column.ts'
import { type Finding, finding } from './finding.ts'
import type { FieldedColumn, Limit } from './limits-of-check.ts'
import { limitsOfCheck } from './limits-of-check.ts'
import type { Refusals, Surveyed, SurveyedColumn } from './survey.ts'

/** Limits that the checks of a table come to, by column, and what they do not come to. */
export interface TableLimits {
  readonly fields: ReadonlyMap<string, ColumnField>
  readonly findings: readonly Finding[]
}

/** The fields of a table with the limits that its checks say. */
export function limitFields(table: Surveyed, links: ReadonlySet<string>, refused: Refusals): TableLimits {
  const findings: Finding[] = []
  const fields = new Map(table.columns.map(({ column, field }) => [column.name, field]))
  // Links have no limits of their own, and nobody writes what Rowhouse keeps.
  const free = table.columns.filter(({ at, as }) => as === 'field' && !links.has(at))
  for (const check of table.table.constraints.filter(({ kind }) => kind === 'c')) {
    const known = new Map<string, FieldedColumn>(
      free.map(({ column }) => [column.name, { column, field: fields.get(column.name)! }]),
    )
    const at = `${table.at}.${check.name}`
    const isHeld = !check.settings.includes('not enforced') && !refused.has(`check:${at}`)
    const limits = isHeld ? limitsOfCheck(check.expression ?? '', known) : null
    const limited = limits === null ? null : applied(limits, fields)
    if (limited === null) {
      findings.push(finding('CHECK', at, check.definition, refused.get(`check:${at}`) ?? null))
      continue
    }
    for (const [name, field] of limited) fields.set(name, field)
    if (check.settings.length > 0) findings.push(finding('CHECK_SETTING', at, check.settings.join(', ')))
  }
  return { fields, findings }
}

/** The fields with all of the limits, or null where one cannot be said beside the others. */
function applied(
  limits: readonly Limit[],
  fields: ReadonlyMap<string, ColumnField>,
): ReadonlyMap<string, ColumnField> | null {
  const changed = new Map<string, ColumnField>()
  for (const limit of limits) {
    const field = changed.get(limit.column) ?? fields.get(limit.column)!
    const next = limit.kind === 'values' ? asChoice(field, limit.values) : tightened(field, limit.kind, limit.value)
    if (next === null) return null
    changed.set(limit.column, next)
  }
  return changed
}

function asChoice(field: ColumnField, values: readonly string[]): ColumnField | null {
  const isPlain = ['text', 'string'].includes(field.builder) && field.options.min === undefined
  return isPlain ? { ...field, builder: 'choice', options: {}, values } : null
}

function tightened(field: ColumnField, name: 'min' | 'max', value: string): ColumnField | null {
  if (field.builder === 'choice') return null
  const isDigits = ['int64', 'decimal'].includes(field.builder)
  const known = field.options[name] as string | number | undefined
  const order =
    known === undefined ? 0 : isDigits ? compareDecimals(value, String(known)) : Number(value) - Number(known)
  const isTighter = known === undefined || (name === 'min' ? order > 0 : order < 0)
  if (!isTighter) return field
  return { ...field, options: { ...field.options, [name]: isDigits ? value : Number(value) } }
}

/** What a field is declared with besides its type. */
export interface FieldPlace {
  readonly name: string
  readonly isUnique: boolean
  readonly refused: Refusals
  readonly findings: Finding[]
}

/** The call that an author would write for a column. */
export function draftField({ column, at }: SurveyedColumn, field: ColumnField, place: FieldPlace): FieldDeclaration {
  const { name, isUnique, refused, findings } = place
  if (field.assumes !== null) findings.push(finding(field.assumes, at, column.type))
  if (column.settings.length > 0) findings.push(finding('SETTING', at, column.settings.join(', ')))
  if (column.identity !== null) findings.push(finding('IDENTITY', at, `generated ${column.identity} as identity`))
  const options = {
    ...field.options,
    ...(column.notNull ? {} : { optional: true }),
    ...(isUnique ? { unique: true } : {}),
    ...columnOption(name, column.name, field.columnType),
    ...defaultOption({ column, at }, field, refused, findings),
    ...(column.comment === null ? {} : { note: column.comment }),
  }
  const inner = field.of === undefined ? {} : { of: field.of }
  const values = field.values === undefined ? {} : { values: field.values }
  return declare('field', { builder: field.builder, options, ...inner, ...values })
}

/** Where a field is kept, unless its name and type say it. */
export function columnOption(name: string, column: string, type: string | null): { readonly column?: unknown } {
  const own = column === snakeCase(name) ? null : column
  if (type === null) return own === null ? {} : { column: own }
  return { column: own === null ? { type } : { name: own, type } }
}

function defaultOption(
  { column, at }: Pick<SurveyedColumn, 'column' | 'at'>,
  field: ColumnField,
  refused: Refusals,
  findings: Finding[],
): { readonly default?: unknown } {
  const found = defaultOfColumn(column, field)
  if (found.kind === 'none') return {}
  const reason = refused.get(`default:${at}`) ?? null
  if (found.kind === 'unsaid' || reason !== null) {
    const needed = column.notNull ? 'Whoever makes rows through Rowhouse must give the value.' : null
    findings.push(finding('DEFAULT', at, `default ${column.default}`, reason ?? needed))
    return {}
  }
  if (found.isNear)
    findings.push(finding('DEFAULT_DIFFERS', at, `default ${column.default}`, `"${String(found.value)}", in UTC.`))
  return { default: found.value }
}
