import { declare, type FieldDeclaration } from '#schema'
import type { FindingCode } from './finding.ts'
import type { FoundColumn } from './found-database.ts'

/** The builder that a column's type asks for, with the options that belong to the type. */
export interface ColumnField {
  readonly builder: string
  readonly options: Readonly<Record<string, unknown>>
  /** Of a list: what its elements are. */
  readonly of?: FieldDeclaration
  /** Values, once a check has said that there are only these. */
  readonly values?: readonly string[]
  /** Type to say beside the column's name; null: the one that the field means. */
  readonly columnType: string | null
  /** What to look at, since the field says more than the column. */
  readonly assumes: FindingCode | null
}

/** Greatest size of binary data that the language takes. */
const maxBytes = 64 * 1024 * 1024

const plain: Readonly<Record<string, string>> = {
  integer: 'int',
  bigint: 'int64',
  'double precision': 'float',
  text: 'text',
  boolean: 'boolean',
  date: 'date',
  uuid: 'uuid',
  'timestamp with time zone': 'datetime',
  'time without time zone': 'time',
}

/** The field that can be kept in a column, or null where there is none. */
export function fieldOfColumn({ type, ownType }: Pick<FoundColumn, 'type' | 'ownType'>): ColumnField | null {
  if (ownType !== null) return null
  const builder = plain[type]
  if (builder !== undefined) return simple(builder)
  if (type.endsWith('[]')) return listOf(type.slice(0, -2))
  const [, family = type, size, zone = ''] = /^(.*?)\(([\d,]+)\)(.*)$/.exec(type) ?? []
  const whole = family + zone
  switch (whole) {
    case 'smallint':
      return { ...simple('int'), columnType: type }
    case 'real':
      return { ...simple('float'), columnType: type }
    case 'character varying':
    case 'character':
      return { ...simple('string', size === undefined ? {} : { max: Number(size) }), columnType: type }
    case 'numeric':
      return numeric(type, size)
    case 'timestamp without time zone':
      return { ...simple('datetime'), columnType: type, assumes: 'TIMESTAMP_ZONE' }
    case 'timestamp with time zone':
      return { ...simple('datetime'), columnType: type }
    case 'time without time zone':
      return { ...simple('time'), columnType: type }
    case 'bytea':
      return { ...simple('base64', { maxBytes }), assumes: 'BYTES_UNBOUNDED' }
    case 'jsonb':
      return { ...simple('dict'), assumes: 'JSON_OBJECT' }
    case 'daterange':
      return { ...simple('period', { of: 'date' }), assumes: 'PERIOD_FORM' }
    case 'tstzrange':
      return { ...simple('period', { of: 'datetime' }), assumes: 'PERIOD_FORM' }
    default:
      return null
  }
}

function simple(builder: string, options: Readonly<Record<string, unknown>> = {}): ColumnField {
  return { builder, options, columnType: null, assumes: null }
}

/** Without digits a column takes any number; scales below zero or above the precision are no decimals of ours. */
function numeric(type: string, size: string | undefined): ColumnField | null {
  if (size === undefined)
    return { ...simple('decimal', { precision: 38, scale: 10 }), columnType: type, assumes: 'NUMERIC_UNBOUNDED' }
  const [precision = 0, scale = 0] = size.split(',').map(Number)
  return scale > precision ? null : simple('decimal', { precision, scale })
}

/** Arrays are kept as the type of their elements means alone. */
function listOf(type: string): ColumnField | null {
  const inner = fieldOfColumn({ type, ownType: null })
  if (inner === null || inner.columnType !== null || ['list', 'dict', 'period'].includes(inner.builder)) return null
  const of = declare<FieldDeclaration>('field', { builder: inner.builder, options: inner.options })
  return { ...simple('list'), of, assumes: 'LIST_ELEMENTS' }
}

/** True for fields that can identify a row. */
export function isKeyField({ builder }: ColumnField): boolean {
  return ['string', 'text', 'int', 'int64', 'uuid', 'date', 'choice'].includes(builder)
}
