import type { Problems } from '../load/problems.ts'
import type { ModelPath } from '../model/model.ts'
import { readSqlName } from './column.ts'
import { isPlainObject, type Options, readOptions } from './options.ts'

/** The `id` that Rowhouse makes. */
export interface Id {
  readonly type: 'uuid' | 'int64' | 'int32' | 'int16'
  readonly column: string
}

/** What identifies the rows: the built-in `id`, or fields and to-one relations of the author's. */
export interface Identity {
  readonly id: Id | null
  readonly key: readonly string[]
}

/** What rows have when nothing else is said. */
export const usualId: Id = { type: 'uuid', column: 'id' }
const types = ['uuid', 'int64', 'int32', 'int16'] as const

/** Reads `id: 'int64'`, `id: { column: 'album_id', type: 'int32' }`, `key: 'code'` and `key: ['order', 'product']`. */
export function readIdentity(options: Options, problems: Problems): Identity {
  const id = readId(options, problems)
  const key = readKey(options.raw('key'), [...options.path, 'key'], problems)
  if (key === null) return { id: id ?? usualId, key: ['id'] }
  if (options.raw('id') !== undefined) {
    const hint = 'Leave one of them out.'
    problems.report(
      'OPTION_INVALID',
      { path: [...options.path, 'id'], part: 'key' },
      'Rows with a "key" have no "id" of their own.',
      { hint },
    )
  }
  return { id: null, key }
}

function readId(options: Options, problems: Problems): Id | null {
  const given = options.raw('id')
  if (given === undefined) return null
  const path = [...options.path, 'id']
  if (!isPlainObject(given)) {
    const type = types.find((each) => each === given) ?? null
    if (type !== null) return { type, column: 'id' }
    const message = `"id" must be ${types.map((each) => `"${each}"`).join(', ')}, or { column, type }.`
    problems.report('OPTION_INVALID', { path }, message)
    return null
  }
  const read = readOptions(given, path, problems)
  const name = read.raw('column')
  const column = name === undefined ? null : readSqlName(name, [...path, 'column'], problems)
  const type = read.oneOf('type', types)
  read.done()
  return { type: type ?? 'uuid', column: column ?? 'id' }
}

function readKey(given: unknown, path: ModelPath, problems: Problems): readonly string[] | null {
  if (given === undefined) return null
  const names: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (names.length > 0 && names.every((name) => typeof name === 'string')) return names
  problems.report('OPTION_INVALID', { path }, '"key" must be a name in quotes, or a list of names.')
  return null
}
