import { RequestError } from '#base'
import { type FieldType, isStructured, isZoneless, type PeriodEnds, periodText } from '#schema'
import { utcText } from '../../structures/utc-text.ts'
import { decimalToMinor } from '../field-codec.ts'
import { patchableParts, type WritableField, writableParts } from '../writable-fields.ts'
import { refuseWider } from './refuse-wider.ts'
import { sealedText } from './sealed-values.ts'
import { storedValue } from './stored-value.ts'

/** Values by field name, as GraphQL hands them over: a missing key is absent, null is null. */
export type RowValues = Readonly<Record<string, unknown>>

/** Whether a row is made or changed. */
export type Writing = 'create' | 'update'

/**
 * Only known fields, by column; JSON that `jsonb_populate_record` reads exactly: numbers of any size are texts, periods are ranges. Of a value object
 * only the parts that are given; null for the whole empties every part.
 *
 * @throws RequestError VALIDATION, naming the field
 */
export function columnValues(
  fields: readonly WritableField[],
  values: RowValues,
  writing: Writing,
): Record<string, unknown> {
  const columns: Record<string, unknown> = {}
  for (const field of fields) {
    const value = values[field.name]
    if (value === undefined) continue
    for (const [column, stored] of entries(field, value, writing, field.name)) columns[column] = stored
  }
  return columns
}

type Entries = readonly (readonly [column: string, value: unknown])[]

function entries(field: WritableField, value: unknown, writing: Writing, path: string): Entries {
  if (value === undefined) return []
  const { column, type } = field
  if (type.kind === 'embed') return embedEntries(field, type, value, { writing, path })
  if (type.kind === 'period') return [[column, value === null ? null : rangeOf(type.of, value, path)]]
  if (type.kind === 'secret') return [[column, sealedText(value)]]
  if (isStructured(type)) return [[column, storedValue({ name: path, type }, value)]]
  refuseFiner(path, type, value)
  refuseWider({ path, columnType: field.columnType }, value)
  return [[column, storedScalar(field, value)]]
}

/** As the column holds it: amounts in the smallest unit, instants in UTC where there is no zone. */
function storedScalar({ type, columnType }: WritableField, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (type.kind === 'money' && type.minor) return decimalToMinor(value, type.scale)
  return isZoneless({ columnType }) ? utcText(value) : value
}

function embedEntries(
  field: WritableField,
  type: Extract<FieldType, { readonly kind: 'embed' }>,
  value: unknown,
  { writing, path }: { readonly writing: Writing; readonly path: string },
): Entries {
  if (value === null) {
    if (!field.optional) throw new RequestError('VALIDATION', `"${path}" is required.`, { fields: [path] })
    return writing === 'create' ? [] : emptied(type)
  }
  const parts = writing === 'create' ? writableParts(type) : patchableParts(type)
  return parts.flatMap((part) => entries(part, (value as RowValues)[part.name], writing, `${path}.${part.name}`))
}

function emptied(type: Extract<FieldType, { readonly kind: 'embed' }>): Entries {
  return writableParts(type).flatMap((part) =>
    part.type.kind === 'embed' ? emptied(part.type) : [[part.column, null] as const],
  )
}

function rangeOf(of: 'date' | 'datetime', value: unknown, path: string): string {
  const { from = null, to = null } = value as Partial<PeriodEnds>
  const text = periodText(of, { from, to })
  if (text !== null) return text
  const fault = of === 'date' ? 'ends before it begins' : 'ends before it begins, or holds no time at all'
  throw new RequestError('VALIDATION', `"${path}" ${fault}.`, { fields: [path] })
}

/** Postgres would round what has more digits than the field. */
function refuseFiner(path: string, type: FieldType, value: unknown): void {
  if ((type.kind !== 'money' && type.kind !== 'decimal') || typeof value !== 'string') return
  const [digits, exponent = '0'] = value.toLowerCase().split('e')
  const fraction = /\.(\d*?)0*$/.exec(digits!)?.[1] ?? ''
  if (fraction.length - Number(exponent) <= type.scale || !/[1-9]/.test(digits!)) return
  const message = `"${path}" has ${type.scale} digits after the point at most.`
  throw new RequestError('VALIDATION', message, { fields: [path] })
}
