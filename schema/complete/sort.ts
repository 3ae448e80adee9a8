import type { Problems } from '../load/problems.ts'
import type { ModelPath, SortKey } from '../model/model.ts'

/** Reads `sort: ['-wantedOn', 'number']`. */
export function completeSort(given: unknown, path: ModelPath, problems: Problems): readonly SortKey[] {
  if (given === undefined) return []
  const names: readonly unknown[] = Array.isArray(given) ? given : []
  if (names.length > 0 && names.every((name) => typeof name === 'string'))
    return names.map((name) => ({ name: name.replace(/^-/, ''), descending: name.startsWith('-') }))
  problems.report('OPTION_INVALID', { path }, '"sort" must be a list of at least one name.')
  return []
}
