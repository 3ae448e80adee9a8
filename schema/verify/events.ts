import { didYouMeanHint } from '../complete/hint.ts'
import { eventNames, isStateEvent, rowEvents } from '../model/events.ts'
import type { Entity } from '../model/model.ts'
import { isReadOnly } from '../model/read-only.ts'
import type { Verification } from './context.ts'

/** Events are of rows that are changed here, are known, and their names mean one thing each. */
export function verifyEvents(check: Verification): void {
  for (const entity of check.model.entities) if (entity.events !== undefined) verifyAsked(check, entity, entity.events)
}

function verifyAsked({ problems }: Verification, entity: Entity, events: readonly string[]): void {
  const path = [entity.name, 'events']
  // Of rows that are changed elsewhere the option itself is refused.
  if (isReadOnly(entity)) return
  const known = eventNames(entity)
  for (const name of events) {
    if (known.includes(name)) continue
    const message = `Rows of "${entity.name}" have no event "${name}".`
    problems.report('EVENT_UNKNOWN', { path: [...path, name] }, message, { hint: didYouMeanHint(name, known) })
  }
  for (const name of rowEvents) {
    if (!events.includes(name) || !isStateEvent(entity, name)) continue
    const message = `"${name}" is an event of every row and a state of "${entity.name}".`
    const place = { path: [entity.name, 'lifecycle', 'states', name], part: 'key' } as const
    problems.report('EVENT_NAME_AMBIGUOUS', place, message, { hint: 'Call the state otherwise.' })
  }
}
