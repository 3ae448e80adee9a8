import type { Problems } from '../load/problems.ts'
import type { Lifecycle, LifecycleState, ModelPath, Transition } from '../model/model.ts'
import { readChoiceValues } from './choice.ts'
import { entriesOf, isPlainObject, readOptions } from './options.ts'

/** Reads a lifecycle; the conditions of its transitions are read later, when every entity is known. */
export function completeLifecycle(
  given: unknown,
  owner: string,
  path: ModelPath,
  problems: Problems,
): Lifecycle | null {
  if (given === undefined) return null
  const options = readOptions(given, path, problems)
  const states = readStates(options.raw('states') ?? [], [...path, 'states'], problems)
  const initial = options.word('initial') ?? ''
  const transitions = options
    .entries('transitions')
    .map(([name, details]) => readTransition(name, details, [...path, 'transitions', name], problems))
  options.done()
  return { initial, enum: `${owner}Status`, states, transitions }
}

/** States are values of a choice that may ask something of their rows. */
function readStates(given: unknown, path: ModelPath, problems: Problems): readonly LifecycleState[] {
  if (!isPlainObject(given)) return readChoiceValues(given, path, problems)
  const asked = new Map<string, Pick<LifecycleState, 'requires' | 'freezes'>>()
  const plain = Object.entries(given).map(([state, details]) => {
    if (!isPlainObject(details)) return [state, details]
    const { requires, freezes, ...rest } = details
    const at = [...path, state]
    asked.set(state, {
      ...(requires === undefined ? {} : { requires: readNames(requires, [...at, 'requires'], problems) }),
      ...(freezes === undefined ? {} : { freezes: readNames(freezes, [...at, 'freezes'], problems) }),
    })
    return [state, rest]
  })
  const values = readChoiceValues(Object.fromEntries(plain), path, problems)
  return values.map((value) => ({ ...value, ...asked.get(value.value) }))
}

function readNames(given: unknown, path: ModelPath, problems: Problems): readonly string[] {
  if (Array.isArray(given) && given.every((name) => typeof name === 'string')) return given
  problems.report('OPTION_INVALID', { path }, 'This must be a list of names of fields and relations.')
  return []
}

function readTransition(name: string, given: unknown, path: ModelPath, problems: Problems): Transition {
  const options = readOptions(given, path, problems)
  const from = readFrom(options.raw('from'), [...path, 'from'], problems)
  const to = options.word('to') ?? ''
  options.raw('when')
  const read = { name, from, to, when: null, runs: options.word('runs'), note: options.text('note') }
  options.done()
  return read
}

function readFrom(given: unknown, path: ModelPath, problems: Problems): readonly string[] {
  const states: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (states.length > 0 && states.every((state) => typeof state === 'string')) return states
  problems.report('OPTION_INVALID', { path }, '"from" must be a state or a list of states.')
  return []
}

/** What the author wrote as `when` of a transition; undefined when nothing. */
export function writtenWhen(lifecycle: unknown, transition: string): unknown {
  const quiet: Problems = { list: [], report: () => {}, reportAt: () => {}, warn: () => {} }
  const transitions = new Map(entriesOf(new Map(entriesOf(lifecycle, [], quiet)).get('transitions'), [], quiet))
  return new Map(entriesOf(transitions.get(transition), [], quiet)).get('when')
}
