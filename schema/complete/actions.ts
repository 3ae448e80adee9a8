import { upperFirst } from '#base'
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
  // Enums of an input are named after entity and action: OrderRemindChannel.
  return entries.map(
    ([name, given]) => completeAction(name, given, { owner, path: [...path, name], more: 'when' }, problems).action,
  )
}

/** Where an action stands. */
export interface ActionPlace {
  /** Of its enums; empty for the app. */
  readonly owner: string
  readonly path: ModelPath
  /** An option beside those of all actions, which is handed back as it was written. */
  readonly more: 'when' | 'allow'
}

/** Reads one action. */
export function completeAction(
  name: string,
  given: unknown,
  { owner, path, more }: ActionPlace,
  problems: Problems,
): { readonly action: Action; readonly more: unknown } {
  const options = readOptions(given, path, problems)
  const input = options.entries('input')
  const owned = owner + upperFirst(name)
  const fields = completeFields(input, owned, [...path, 'input'], problems)
  const output = readOutput(options.raw('output'), owned, [...path, 'output'], problems)
  const runs = options.word('runs') ?? ''
  const note = options.text('note')
  const further = options.raw(more)
  options.done()
  const answers = output === null ? {} : { output }
  return { action: { name, input: fields.map(({ field }) => field), ...answers, runs, note }, more: further }
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
