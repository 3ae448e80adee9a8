import type { Problems } from '../load/problems.ts'
import type { ModelPath, Search, SearchField } from '../model/model.ts'
import { searchLanguages } from '../types/search.ts'
import { entriesOf, type Options } from './options.ts'

const weights = ['A', 'B', 'C', 'D'] as const

/** Reads `search: { title: 'A', notes: 'B' }` and `searchLanguage: 'english'`. */
export function completeSearch(options: Options, path: ModelPath, problems: Problems): Search | null {
  const given = options.raw('search')
  const language = options.oneOf('searchLanguage', searchLanguages)
  const place = [...path, 'search']
  if (given === undefined) {
    if (language !== null) {
      const hint = "Say by which texts rows are looked for: search: { name: 'A' }."
      const message = '"searchLanguage" says nothing without "search".'
      problems.report('OPTION_INVALID', { path: [...path, 'searchLanguage'], part: 'key' }, message, { hint })
    }
    return null
  }
  const before = problems.list.length
  const entries = entriesOf(given, place, problems)
  if (entries.length === 0) {
    const hint = "Name the texts, each with what a word there counts: search: { title: 'A', notes: 'B' }."
    // What is no object was reported.
    if (problems.list.length === before)
      problems.report('OPTION_INVALID', { path: place }, '"search" names no field.', { hint })
    return null
  }
  const fields = entries.flatMap(([name, weight]): readonly SearchField[] => {
    const found = weights.find((each) => each === weight)
    if (found !== undefined) return [{ name, weight: found }]
    const hint = `Write what a word there counts, "A" most: ${name}: 'A'.`
    problems.report('OPTION_INVALID', { path: [...place, name] }, `"${name}" must be "A", "B", "C" or "D".`, { hint })
    return []
  })
  return { language: language ?? 'simple', fields }
}
