import type { Json } from '#base'
import type { Problems } from '../load/problems.ts'
import type { Default, FieldType, ModelPath } from '../model/model.ts'
import { isStructured } from '../values/is-native-list.ts'
import { readValue } from '../values/read-value.ts'
import { readScalar } from './scalar.ts'

/** Reads the default of a field. Null when there is none, or with a report when it does not fit the type. */
export function readDefault(type: FieldType, given: unknown, path: ModelPath, problems: Problems): Default | null {
  if (given === undefined) return null
  if (type.kind === 'datetime' && given === 'now') return { kind: 'now' }
  if (type.kind === 'date' && given === 'today') return { kind: 'today' }
  if (type.kind === 'uuid' && given === 'random') return { kind: 'random' }
  if (isStructured(type)) return readStructuredDefault(type, given, path, problems)
  const value = readScalar(type, given)
  if (value.ok) return { kind: 'value', value: value.value satisfies Json }
  problems.report('FIELD_DEFAULT_INVALID', { path }, `The default must be ${value.wanted}.`)
  return null
}

/** With all that is in it, limits included: the report is about the innermost value that does not fit. */
function readStructuredDefault(type: FieldType, given: unknown, path: ModelPath, problems: Problems): Default | null {
  const value = readValue(type, given)
  if (value.ok) return { kind: 'value', value: value.value }
  const { at, fault } = value
  const what = at.length === 0 ? 'The default' : `"${at.join('.')}" of the default`
  problems.report('FIELD_DEFAULT_INVALID', { path: [...path, ...at] }, `${what} ${fault}.`)
  return null
}
