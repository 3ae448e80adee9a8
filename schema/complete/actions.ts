import type { Problems } from '../load/problems.ts'
import type { Action, ModelPath } from '../model/model.ts'
import { completeFields } from './fields.ts'
import { readOptions } from './options.ts'

/** Reads actions by name, in order. */
export function completeActions(
  entries: readonly (readonly [string, unknown])[],
  owner: string,
  path: ModelPath,
  problems: Problems,
): readonly Action[] {
  return entries.map(([name, given]) => {
    const at = [...path, name]
    const options = readOptions(given, at, problems)
    const input = options.entries('input')
    // Enums of an input are named after entity and action: OrderRemindChannel.
    const owned = owner + name.charAt(0).toUpperCase() + name.slice(1)
    const fields = completeFields(input, owned, [...at, 'input'], problems)
    const runs = options.word('runs') ?? ''
    const note = options.text('note')
    options.done({ output: 'Not supported yet.' })
    return { name, input: fields.map(({ field }) => field), runs, note }
  })
}
