import { didYouMeanHint } from '../complete/hint.ts'
import { columnFields } from '../model/column-fields.ts'
import type { Entity, Lifecycle, ModelPath } from '../model/model.ts'
import { stateColumns } from '../model/state-columns.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** A lifecycle speaks of its own states, and each of them can be reached. */
export function verifyLifecycles(check: Verification): void {
  for (const entity of check.model.entities) {
    if (entity.lifecycle === null) continue
    verifyLifecycle(check, entity, entity.lifecycle)
    verifyAsked(check, entity, entity.lifecycle)
  }
}

function verifyLifecycle({ problems }: Verification, entity: Entity, lifecycle: Lifecycle): void {
  const path = [entity.name, 'lifecycle']
  const states = lifecycle.states.map(({ value }) => value)
  const verifyState = (state: string, at: ModelPath) => {
    if (states.includes(state)) return true
    const message = state === '' ? 'A state is missing.' : `There is no state "${state}".`
    problems.report('LIFECYCLE_STATE_UNKNOWN', { path: at }, message, { hint: didYouMeanHint(state, states) })
    return false
  }
  const isSound = [
    verifyState(lifecycle.initial, [...path, 'initial']),
    ...lifecycle.transitions.flatMap(({ name, from, to }) => {
      const at = [...path, 'transitions', name]
      return [...from.map((state) => verifyState(state, [...at, 'from', state])), verifyState(to, [...at, 'to'])]
    }),
  ].every(Boolean)
  if (!isSound) return
  const reached = reachedFrom(lifecycle)
  for (const state of new Set(states)) {
    if (reached.has(state)) continue
    const place = { path: [...path, 'states', state], part: 'key' } as const
    const hint = 'Add a transition that leads to it, or leave it out.'
    problems.report('LIFECYCLE_STATE_UNREACHABLE', place, `No transition leads to "${state}".`, { hint })
  }
}

/** What a state requires or freezes is something that its rows hold. */
function verifyAsked({ problems }: Verification, entity: Entity, { states }: Lifecycle): void {
  const known = [...columnFields(entity).filter(({ builtIn }) => !builtIn), ...toOnesOf(entity)].map(({ name }) => name)
  for (const { value, requires = [], freezes = [] } of states)
    for (const [option, names] of Object.entries({ requires, freezes }))
      for (const [at, name] of names.entries()) {
        if (stateColumns(entity, name).length > 0) continue
        const path = [entity.name, 'lifecycle', 'states', value, option, at]
        const message = `"${entity.name}" holds no "${name}": states ask for fields and to-one relations.`
        problems.report('LIFECYCLE_FIELD_UNKNOWN', { path }, message, { hint: didYouMeanHint(name, known) })
      }
}

function reachedFrom({ initial, transitions }: Lifecycle): ReadonlySet<string> {
  const reached = new Set([initial])
  // Each round adds a state or is the last.
  for (let before = 0; before !== reached.size; ) {
    before = reached.size
    for (const { from, to } of transitions) if (from.some((state) => reached.has(state))) reached.add(to)
  }
  return reached
}
