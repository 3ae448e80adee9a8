import type { Json } from '#base'
import { kindOf, type MomentDeclaration } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import type { Default, FieldType, ModelPath } from '../model/model.ts'
import { isStructured } from '../values/is-native-list.ts'
import { readValue } from '../values/read-value.ts'
import { isPlainObject, readOptions } from './options.ts'
import { readScalar } from './scalar.ts'
import { readShift } from './span.ts'

/** Reads the default of a field. Null when there is none, or with a report when it does not fit the type. */
export function readDefault(type: FieldType, given: unknown, path: ModelPath, problems: Problems): Default | null {
  if (given === undefined) return null
  if (type.kind === 'datetime' && given === 'now') return { kind: 'now' }
  if (type.kind === 'date' && given === 'today') return { kind: 'today' }
  if (type.kind === 'uuid' && given === 'random') return { kind: 'random' }
  if (isStructured(type)) return readStructuredDefault(type, given, path, problems)
  if (kindOf(given) === 'moment') return readMoment(type, given as MomentDeclaration, path, problems)
  if (isPlainObject(given) && type.kind === 'text') return readRandom(type, given, path, problems)
  const value = readScalar(type, given)
  if (value.ok) return { kind: 'value', value: value.value satisfies Json }
  problems.report('FIELD_DEFAULT_INVALID', { path }, `The default must be ${value.wanted}.`, {
    hint: 'Write a value that the field can hold, or leave the default out.',
  })
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

function readMoment(type: FieldType, given: MomentDeclaration, path: ModelPath, problems: Problems): Default | null {
  const report = (message: string): null => {
    problems.report('FIELD_DEFAULT_INVALID', { path }, message)
    return null
  }
  if (type.kind !== 'date' && type.kind !== 'datetime')
    return report(`"${given.way}" is a moment: only days and instants have such a default.`)
  if (given.way === 'now')
    return report(`The moment itself is written "${type.kind === 'date' ? 'today' : 'now'}" in defaults.`)
  const by = readShift(given)
  if (typeof by === 'string') return report(`"${given.way}" ${by}.`)
  if (type.kind === 'date' && by.seconds !== 0)
    return report(`A day is whole: "${given.way}" takes days and longer here.`)
  return { kind: 'shifted', from: type.kind === 'date' ? 'today' : 'now', by }
}

/** Fewer characters than this are guessed, more help nobody. */
const [fewest, most] = [4, 64]

/** `{ random: 8 }` */
function readRandom(
  type: Extract<FieldType, { readonly kind: 'text' }>,
  given: unknown,
  path: ModelPath,
  problems: Problems,
): Default | null {
  const options = readOptions(given, path, problems)
  const length = options.integer('random')
  options.done()
  if (length === null) return null
  const fault = randomFault(type, length)
  if (fault === null) return { kind: 'randomText', length }
  problems.report('FIELD_DEFAULT_INVALID', { path: [...path, 'random'] }, fault)
  return null
}

function randomFault(type: Extract<FieldType, { readonly kind: 'text' }>, length: number): string | null {
  if (length < fewest || length > most) return `A random text has from ${fewest} to ${most} characters.`
  if (type.min !== null && length < type.min) return `The default is shorter than "min" ${type.min}.`
  if (type.max !== null && length > type.max) return `The default is longer than "max" ${type.max}.`
  if (!['string', 'text', 'slug'].includes(type.format)) return `A random text is no ${type.format}.`
  return type.matches === null ? null : 'A random text need not match the pattern of the field.'
}
