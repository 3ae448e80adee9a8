import type { FieldType } from './model.ts'

/** Other words for types, with the ones that `format_type` prints. */
const otherWords: Readonly<Record<string, string>> = {
  varchar: 'character varying',
  char: 'character',
  bpchar: 'character',
  int: 'integer',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  decimal: 'numeric',
  bool: 'boolean',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  time: 'time without time zone',
}

/**
 * The type as `format_type` prints it: `varchar(40)` → `character varying(40)`, `char` → `character(1)`,
 * `timestamp(3)` → `timestamp(3) without time zone`. Null for what is no type at all. Whether Postgres has it is not asked.
 */
export function normalColumnType(written: string): string | null {
  const words = written.trim().toLowerCase().replaceAll(/\s+/g, ' ')
  const match = /^([a-z0-9]+(?: [a-z]+)*?) ?(?:\(([0-9]{1,4})(?:, ?([0-9]{1,4}))?\))?((?: [a-z]+)*)$/.exec(words)
  if (match === null) return null
  const [, first = '', length, scale, behind = ''] = match
  const name = otherWords[`${first}${behind}`] ?? `${first}${behind}`
  if (length === undefined) return name === 'character' ? 'character(1)' : name
  const size = name === 'numeric' ? `(${length},${scale ?? '0'})` : scale === undefined ? `(${length})` : null
  if (size === null || !sized.has(name)) return null
  const zone = / with(?:out)? time zone$/.exec(name)?.[0] ?? ''
  return `${name.slice(0, name.length - zone.length)}${size}${zone}`
}

const sized: ReadonlySet<string> = new Set([
  ...['character', 'character varying', 'numeric'],
  ...['timestamp without time zone', 'timestamp with time zone', 'time without time zone'],
])

/** True for a column that keeps instants without their zone: what it holds is the clock of UTC, whatever the zone of the session. */
export function isZoneless({ columnType }: { readonly columnType: string | null }): boolean {
  return columnType !== null && /^timestamp\b.* without time zone$/.test(columnType)
}

/** Families of types that a field of this type may be kept in, the usual one first; all of them hold nothing but its values. */
export function columnTypesOf(type: FieldType): readonly string[] {
  switch (type.kind) {
    case 'text':
      return ['text', 'character varying', 'character']
    case 'choice':
      // Not `character`: its blanks at the end would be no part of any value.
      return ['text', 'character varying']
    case 'int':
    case 'duration':
      return ['integer', 'smallint']
    case 'int64':
      return ['bigint', 'integer', 'smallint']
    case 'float':
      return ['double precision', 'real']
    case 'decimal':
      return ['numeric']
    case 'money':
      return type.minor ? ['bigint', 'integer', 'smallint'] : ['numeric']
    case 'boolean':
    case 'date':
    case 'uuid':
      return [type.kind]
    case 'datetime':
      return ['timestamp with time zone', 'timestamp without time zone']
    case 'time':
      return ['time without time zone']
    case 'base64':
      return ['bytea']
    case 'list':
    case 'shape':
    case 'dict':
    case 'embed':
    case 'period':
    case 'secret':
      // Kept as the type means alone.
      return []
  }
}
