import type { Problems } from '../load/problems.ts'
import { fieldMoments, type Hook, type HookMoment, hookMoments, transitionMoments } from '../model/hooks.ts'
import type { ModelPath } from '../model/model.ts'
import { entriesOf, isPlainObject, readOptions } from './options.ts'

/** Reads the hooks of an entity, in the order of their moments and, of one moment, as written. */
export function completeHooks(given: unknown, path: ModelPath, problems: Problems): readonly Hook[] {
  if (given === undefined) return []
  const options = readOptions(given, path, problems)
  const hooks = hookMoments.flatMap((moment) => {
    const at = [...path, moment]
    const isNamed = fieldMoments.includes(moment)
    const value = isNamed ? undefined : options.raw(moment)
    if (!isNamed && !(transitionMoments.includes(moment) && isPlainObject(value)))
      return paths(value, at, problems).map(of(moment, null))
    const entries = isNamed ? options.entries(moment) : entriesOf(value, at, problems)
    return entries.flatMap(([name, runs]) => paths(runs, [...at, name], problems).map(of(moment, name)))
  })
  options.done()
  return hooks
}

function of(moment: HookMoment, field: string | null) {
  return (runs: string): Hook => ({ moment, of: field, runs })
}

function paths(given: unknown, path: ModelPath, problems: Problems): readonly string[] {
  if (given === undefined) return []
  const list: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (list.length > 0 && list.every((each) => typeof each === 'string')) return list
  const hint = "Write `'actions/check-price'`, or a list of such paths."
  problems.report('OPTION_INVALID', { path }, 'A hook is the path of a file, or a list of them.', { hint })
  return []
}
