import { declare } from '../dsl/declare.ts'
import type { FieldType } from '../model/model.ts'

/** A value of a field as an author would write it in a condition. Null for `type`: an id. */
export function writtenValue(type: FieldType | null, value: string | number | boolean): unknown {
  if (type?.kind === 'money' && type.currency !== null)
    return declare('money', { currency: type.currency, amount: String(value) })
  if (type?.kind === 'int64') return BigInt(value)
  return value
}
