import type { Problems } from '../load/problems.ts'
import type { Field, Index, ModelPath, Unique } from '../model/model.ts'
import { calendarSeries } from '../model/numbering-parts.ts'
import type { CompletedField } from './field-context.ts'
import { isPlainObject, readOptions } from './options.ts'
import type { CompletedRelation } from './relations.ts'

/** `unique: true` of fields and relations, then the entity's own `unique: [[…]]`. */
export function completeUniques(
  fields: readonly CompletedField[],
  relations: readonly CompletedRelation[],
  given: unknown,
  path: ModelPath,
  problems: Problems,
): readonly Unique[] {
  const single = [
    ...fields.filter(({ unique }) => unique).map(({ field }) => field.name),
    ...relations.filter(({ unique }) => unique).map(({ relation }) => relation.name),
  ]
  const lists = readList(given, path, problems, '[[…]], a list of lists of names')
  const read = (each: unknown, index: number) => readUnique(each, [...path, index], problems)
  const known = [...fields.map(({ field }) => field.name), ...relations.map(({ relation }) => relation.name)]
  const numbers = fields.flatMap(({ field }) => numberUnique(field, known))
  return [...single.map((name) => uniqueOn([name])), ...numbers, ...lists.map(read)]
}

/** A list of names, or `{ on, nulls, removed, where }`; the condition is read later. */
function readUnique(given: unknown, path: ModelPath, problems: Problems): Unique {
  if (!isPlainObject(given)) return uniqueOn(readNames(given, path, problems))
  const options = readOptions(given, path, problems)
  const on = readNames(options.raw('on'), [...path, 'on'], problems)
  options.raw('where')
  const nulls = options.oneOf('nulls', ['equal']) ?? 'distinct'
  const removed = options.oneOf('removed', ['counted']) ?? 'ignored'
  options.done()
  return { on, nulls, removed, where: null }
}

/** `index: true` of fields, then the entity's own `indexes`; conditions are read later. */
export function completeIndexes(
  fields: readonly CompletedField[],
  given: unknown,
  path: ModelPath,
  problems: Problems,
): readonly Index[] {
  const single = fields.filter(({ index }) => index).map(({ field }) => indexOn([field.name]))
  const listed = readList(given, path, problems, '[{ on: […] }]').map((each, index): Index => {
    const options = readOptions(each, [...path, index], problems)
    const on = readNames(options.raw('on'), [...path, index, 'on'], problems)
    options.raw('where')
    const include = options.raw('include')
    const carried = include === undefined ? [] : readNames(include, [...path, index, 'include'], problems)
    const using = options.oneOf('using', ['btree', 'hash', 'brin', 'gin', 'gist', 'trigram']) ?? 'btree'
    options.done()
    return { ...indexOn(on), include: carried, using }
  })
  return [...single, ...listed]
}

function uniqueOn(on: readonly string[]): Unique {
  return { on, nulls: 'distinct', removed: 'ignored', where: null }
}

function indexOn(names: readonly string[]): Index {
  const on = names.map((name) => ({ name: name.replace(/^-/, ''), descending: name.startsWith('-') }))
  return { on, where: null, include: [], using: 'btree' }
}

function readList(given: unknown, path: ModelPath, problems: Problems, form: string): readonly unknown[] {
  if (given === undefined) return []
  if (Array.isArray(given)) return given
  problems.report('OPTION_INVALID', { path }, `"${String(path.at(-1))}" must be ${form}.`)
  return []
}

function readNames(given: unknown, path: ModelPath, problems: Problems): readonly string[] {
  const names: readonly unknown[] = Array.isArray(given) ? given : []
  if (names.length > 0 && names.every((name) => typeof name === 'string')) return names
  problems.report('OPTION_INVALID', { path }, 'This must be a list of at least one name.')
  return []
}

/** Removed rows keep their number: it is never given again. */
function numberUnique({ name, numbering }: Field, known: readonly string[]): readonly Unique[] {
  if (numbering === null) return []
  // Names that are none are reported with the numbering.
  const within = new Set(numbering.per.filter((each) => !Object.hasOwn(calendarSeries, each) && known.includes(each)))
  return [{ ...uniqueOn([name, ...[...within].filter((each) => each !== name)]), removed: 'counted' }]
}
