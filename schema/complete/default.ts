import type { Json } from '#base'
import type { Problems } from '../load/problems.ts'
import type { Default, FieldType, ModelPath } from '../model/model.ts'
import { readScalar } from './scalar.ts'

/** Reads the default of a field. Null when there is none, or with a report when it does not fit the type. */
export function readDefault(type: FieldType, given: unknown, path: ModelPath, problems: Problems): Default | null {
  if (given === undefined) return null
  if (type.kind === 'datetime' && given === 'now') return { kind: 'now' }
  if (type.kind === 'date' && given === 'today') return { kind: 'today' }
  if (type.kind === 'uuid' && given === 'random') return { kind: 'random' }
  const value = readScalar(type, given)
  if (value.ok) return { kind: 'value', value: value.value satisfies Json }
  problems.report('FIELD_DEFAULT_INVALID', { path }, `The default must be ${value.wanted}.`)
  return null
}
