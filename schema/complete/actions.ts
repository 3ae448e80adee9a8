import type { Problems } from '../load/problems.ts'
import type { Action, ActionOutput, ModelPath } from '../model/model.ts'
import { completeFields } from './fields.ts'
import { entriesOf, readOptions } from './options.ts'

/** Reads actions by name, in order; the conditions of rows are read later, when every entity is known. */
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
    const output = readOutput(options.raw('output'), owned, [...at, 'output'], problems)
    const runs = options.word('runs') ?? ''
    const note = options.text('note')
    options.raw('when')
    options.done()
    const answers = output === null ? {} : { output }
    return { name, input: fields.map(({ field }) => field), ...answers, runs, note }
  })
}

/** What an action answers; null: nothing of its own. */
function readOutput(given: unknown, owner: string, path: ModelPath, problems: Problems): ActionOutput | null {
  if (given === undefined) return null
  if (typeof given === 'string') return { kind: 'row', entity: given }
  const fields = completeFields(entriesOf(given, path, problems), owner, path, problems)
  return fields.length === 0 ? null : { kind: 'values', fields: fields.map(({ field }) => field) }
}

/** What the author wrote as `when` of an action; undefined when nothing. */
export function writtenActionWhen(actions: unknown, action: string): unknown {
  const quiet: Problems = { list: [], report: () => {}, reportAt: () => {}, warn: () => {} }
  const given = new Map(entriesOf(actions, [], quiet)).get(action)
  return new Map(entriesOf(given, [], quiet)).get('when')
}
