import { type Json, RequestError } from '#base'
import type { FieldType } from '#schema'
import { readStored, shownPath } from '../../structures/read-stored.ts'

/**
 * What a caller gave for a list, shape, dict or binary field, as it is stored.
 *
 * @throws RequestError VALIDATION naming the field, and the part by its path: `"address.street" is required.`
 */
export function storedValue({ name, type }: { readonly name: string; readonly type: FieldType }, given: unknown): Json {
  const read = readStored(type, given)
  if (read.ok) return read.value
  const message = `"${shownPath([name, ...read.at])}" ${read.fault}.`
  throw new RequestError('VALIDATION', message, { fields: [name] })
}
