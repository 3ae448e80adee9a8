import { type Condition, columnFields, toOnesOf } from '#schema'
import { entityOf } from '../to-sql/model-index.ts'
import type { ClauseTrace } from './decision.ts'
import { type RowInWorld, traceCondition } from './holds.ts'
import type { Row } from './world.ts'

/** What stands in the way of a verb beside the rules: the state that the row is in, the guard, and what the next state requires. */
export interface WayTrace {
  /** True where nothing does. */
  readonly isOpen: boolean
  /** Of a transition: where the row is, and where the verb leads away from. Null for actions. */
  readonly state: { readonly is: string; readonly from: readonly string[]; readonly to: string } | null
  /** Null where the verb has no guard. */
  readonly when: ClauseTrace | null
  /** Of a transition: names of what its state requires and the row does not have. */
  readonly missing: readonly string[]
}

/** Weighs them for a row; null for verbs that are neither a transition nor an action. */
export function traceWay(verb: string, at: RowInWorld): WayTrace | null {
  const entity = entityOf(at.world.index, at.entity)
  const guard = (when: Condition | null) => (when === null ? null : traceCondition(when, at))
  const action = entity.actions.find(({ name }) => name === verb)
  if (action !== undefined) {
    const when = guard(action.when ?? null)
    return { isOpen: when === null || when.truth === true, state: null, when, missing: [] }
  }
  const transition = entity.lifecycle?.transitions.find(({ name }) => name === verb)
  if (transition === undefined) return null
  const { from, to } = transition
  const requires = entity.lifecycle?.states.find(({ value }) => value === to)?.requires ?? []
  const missing = requires.filter((name) => !isGiven(name, at.row))
  const when = guard(transition.when)
  const { status } = at.row
  const is = typeof status === 'string' ? status : ''
  const isOpen = from.includes(is) && (when === null || when.truth === true) && missing.length === 0
  return { isOpen, state: { is, from, to }, when, missing }

  /** Of a value object any part is enough. */
  function isGiven(name: string, row: Row): boolean {
    const parts = [...columnFields(entity), ...toOnesOf(entity)].filter(
      (each) => each.name === name || each.name.startsWith(`${name}.`),
    )
    return parts.some((each) => (row[each.name] ?? null) !== null)
  }
}
