import { isRemovable } from './built-ins.ts'
import type { Entity, Model, Subscriber } from './model.ts'
import { isReadOnly } from './read-only.ts'

/** What may happen to rows, beside the states that they reach. */
export const rowEvents = ['created', 'updated', 'removed', 'restored', 'deleted'] as const

/**
 * Everything that can happen to a row of the entity: what is done to any row, then the states that transitions lead to. A row that
 * reaches a state is not `updated` as well.
 */
export function eventNames(entity: Entity): readonly string[] {
  if (isReadOnly(entity)) return []
  const done = rowEvents.filter((name) => {
    if (name === 'updated') return !entity.immutable
    return name === 'removed' || name === 'restored' ? isRemovable(entity) : true
  })
  return [...new Set<string>([...done, ...reachedStates(entity)])]
}

/** True for the event that a row reaches that state. */
export function isStateEvent(entity: Entity, event: string): boolean {
  return reachedStates(entity).includes(event)
}

function reachedStates({ lifecycle }: Entity): readonly string[] {
  if (lifecycle === null) return []
  const reached = new Set(lifecycle.transitions.map(({ to }) => to))
  return lifecycle.states.map(({ value }) => value).filter((state) => reached.has(state))
}

/** The subscribers to an event of an entity, in order. */
export function subscribersTo(model: Pick<Model, 'subscribers'>, entity: Entity, event: string): readonly Subscriber[] {
  return (model.subscribers ?? []).filter(({ on }) => on.includes(`${entity.name}.${event}`))
}

/** Events that an entity or a subscriber asks for, unknown ones too. */
export function askedEvents(model: Pick<Model, 'subscribers'>, entity: Entity): ReadonlySet<string> {
  const prefix = `${entity.name}.`
  const subscribed = (model.subscribers ?? []).flatMap(({ on }) => on.filter((each) => each.startsWith(prefix)))
  return new Set([...(entity.events ?? []), ...subscribed.map((each) => each.slice(prefix.length))])
}
