import type { ColumnField } from './field-of-column.ts'
import type { FoundColumn } from './found-database.ts'
import { isDigits, type Literal, readLiteral } from './read-literal.ts'

/** What the language says for a default. */
export type SaidDefault =
  | { readonly kind: 'none' }
  /** `isNear`: it means nearly the same. */
  | { readonly kind: 'said'; readonly value: unknown; readonly isNear: boolean }
  | { readonly kind: 'unsaid' }

const said = (value: unknown, isNear = false): SaidDefault => ({ kind: 'said', value, isNear })
const unsaid: SaidDefault = { kind: 'unsaid' }

/** The default of a column as the field that is kept there has it. */
export function defaultOfColumn(column: FoundColumn, field: ColumnField): SaidDefault {
  const printed = column.default
  if (printed === null || /^NULL(::.*)?$/s.test(printed)) return { kind: 'none' }
  const call = defaultCall(printed, field, column.type)
  if (call !== null) return call
  const literal = readLiteral(printed)
  return literal === null ? unsaid : literalDefault(literal, field)
}

function defaultCall(printed: string, { builder }: ColumnField, type: string): SaidDefault | null {
  const isNow = /^(now\(\)|CURRENT_TIMESTAMP(\(\d\))?|transaction_timestamp\(\))$/.test(printed)
  const isUtcNow = /^timezone\('utc'::text, now\(\)\)$/i.test(printed)
  const hasZone = type.endsWith('with time zone')
  if (builder === 'datetime' && (isNow || (isUtcNow && !hasZone))) return said('now', isNow && !hasZone)
  // Of the day in the session's zone the language has that in UTC.
  if (builder === 'date' && /^(CURRENT_DATE|\(?now\(\)\)?::date)$/.test(printed)) return said('today', true)
  const isRandom = /^(?:[a-z_0-9]+\.)?(gen_random_uuid|uuid_generate_v4)\(\)$/.test(printed)
  return builder === 'uuid' && isRandom ? said('random') : null
}

function literalDefault(literal: Literal, field: ColumnField): SaidDefault {
  const text = String(literal)
  switch (field.builder) {
    case 'text':
    case 'string':
      return typeof literal === 'string' ? said(text) : unsaid
    case 'choice':
      return field.values?.includes(text) ? said(text) : unsaid
    case 'int':
      return /^-?\d+$/.test(text) ? said(Number(text)) : unsaid
    case 'int64':
      return /^-?\d+$/.test(text) ? said(text) : unsaid
    case 'float':
      return isDigits(text) ? said(Number(text)) : unsaid
    case 'decimal':
      return isDigits(text) && (text.split('.')[1] ?? '').length <= Number(field.options.scale) ? said(text) : unsaid
    case 'boolean':
      return booleanDefault(text)
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(text) ? said(text) : unsaid
    case 'time':
      return /^\d\d:\d\d:00$/.test(text) ? said(text.slice(0, 5)) : unsaid
    case 'list':
      return text === '{}' ? said([]) : unsaid
    case 'dict':
      return /^\{\s*\}$/.test(text) ? said({}) : unsaid
    default:
      return unsaid
  }
}

function booleanDefault(text: string): SaidDefault {
  return text === 'true' || text === 'false' ? said(text === 'true') : unsaid
}
