import type { Row } from '#base'
import { type Entity, toOnesOf } from '#schema'
import { idFieldName } from '../graphql/api-names.ts'
import type { HookCall } from './body.ts'

/** What changes of a field or to-one relation; null where nothing does. */
export function changedField(
  entity: Entity,
  field: string,
  { row, input }: { readonly row: Row | null; readonly input: Readonly<Record<string, unknown>> },
): HookCall['change'] {
  const one = toOnesOf(entity).find(({ name }) => name === field)
  const name = one === undefined ? field : idFieldName(one)
  const to = input[name]
  if (to === undefined) return null
  const from = row?.[name] ?? null
  const kind = entity.fields.find((each) => each.name === field)?.type.kind ?? 'uuid'
  // Of a row that the caller does not read nobody knows what it was.
  return row !== null && normal(kind, from) === normal(kind, to) ? null : { field, from, to }
}

/** One text for what is one value. */
function normal(kind: string, value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (kind === 'decimal' || kind === 'money') return plainDigits(String(value as string))
  if (kind === 'datetime') return String(Date.parse(String(value as string)))
  if (kind === 'uuid') return String(value as string).toLowerCase()
  if (kind === 'int64') return String(BigInt(value as string))
  return JSON.stringify(value)
}

/** `12.50` → `12.5` */
function plainDigits(text: string): string {
  const isPlain = /^-?\d+(\.\d+)?$/.test(text)
  if (!isPlain) return text
  const digits = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return digits.replace(/^(-?)0+(?=\d)/, '$1')
}
