import type { Problems } from '../load/problems.ts'
import type { ModelPath, NoOverlap } from '../model/model.ts'
import { entriesOf, readOptions, readText } from './options.ts'

/** Reads `noOverlap: { 'the title': { on, during, where } }`, in order; conditions are read later. */
export function completeNoOverlap(given: unknown, path: ModelPath, problems: Problems): readonly NoOverlap[] {
  return entriesOf(given, path, problems).map(([title, each]) => {
    const at = [...path, title]
    readText(title, at, problems, 'key')
    const options = readOptions(each, at, problems)
    const on = readNames(options.raw('on') ?? [], [...at, 'on'], problems)
    const during = readDuring(options.raw('during'), at, problems)
    options.raw('where')
    options.done()
    return { title, on, during, where: null }
  })
}

/** The condition of one, as it was written. */
export function writtenOverlapWhere(given: unknown, title: string): unknown {
  return (given as Readonly<Record<string, { readonly where?: unknown }>> | undefined)?.[title]?.where
}

function readNames(given: unknown, path: ModelPath, problems: Problems): readonly string[] {
  if (Array.isArray(given) && given.every((name) => typeof name === 'string')) return given
  problems.report('OPTION_INVALID', { path }, '"on" must be a list of names.')
  return []
}

function readDuring(given: unknown, path: ModelPath, problems: Problems): NoOverlap['during'] {
  if (typeof given === 'string') return given
  const names: readonly unknown[] = Array.isArray(given) ? given : []
  const [from, to] = names
  if (names.length === 2 && typeof from === 'string' && typeof to === 'string') return [from, to]
  const hint = "Write during: 'stay', or during: ['startsOn', 'endsOn']."
  const place = given === undefined ? { path, part: 'key' as const } : { path: [...path, 'during'] }
  problems.report('NO_OVERLAP_DURING_INVALID', place, 'This does not say what may not overlap.', { hint })
  return ''
}
