import { didYouMeanHint } from '../complete/hint.ts'
import { askedEvents, eventNames, isStateEvent, rowEvents } from '../model/events.ts'
import type { Entity, Subscriber } from '../model/model.ts'
import { isReadOnly } from '../model/read-only.ts'
import type { Verification } from './context.ts'

/** Events are of rows that are changed here, are known, and their names mean one thing each. */
export function verifyEvents(check: Verification): void {
  for (const entity of check.model.entities) {
    verifyAsked(check, entity)
    verifyNames(check, entity)
  }
  for (const subscriber of check.model.subscribers ?? []) verifySubscriber(check, subscriber)
}

function verifyAsked({ problems }: Verification, entity: Entity): void {
  // Of rows that are changed elsewhere the option itself is refused.
  if (isReadOnly(entity)) return
  const known = eventNames(entity)
  for (const name of entity.events ?? []) {
    if (known.includes(name)) continue
    const message = `Rows of "${entity.name}" have no event "${name}".`
    const place = { path: [entity.name, 'events', name] }
    problems.report('EVENT_UNKNOWN', place, message, { hint: didYouMeanHint(name, known) })
  }
}

function verifyNames({ model, problems }: Verification, entity: Entity): void {
  const asked = askedEvents(model, entity)
  for (const name of rowEvents) {
    if (!asked.has(name) || !isStateEvent(entity, name)) continue
    const message = `"${name}" is an event of every row and a state of "${entity.name}".`
    const place = { path: [entity.name, 'lifecycle', 'states', name], part: 'key' } as const
    problems.report('EVENT_NAME_AMBIGUOUS', place, message, { hint: 'Call the state otherwise.' })
  }
}

function verifySubscriber({ model, problems }: Verification, { name, on }: Subscriber): void {
  // Jobs are called so, and the trigger functions of events name them.
  if (!/^subscribers\/[A-Za-z0-9][A-Za-z0-9._/-]{0,150}$/.test(name)) {
    const hint = 'Use letters, digits, "-", "_" and ".".'
    problems.report('NAME_INVALID', { path: ['subscribers', name] }, `No job can be called "${name}".`, { hint })
  }
  const all = model.entities.flatMap((entity) => eventNames(entity).map((event) => `${entity.name}.${event}`))
  for (const each of on) {
    if (all.includes(each)) continue
    const near = all.filter((known) => known.startsWith(`${each.split('.')[0]}.`))
    const hint = didYouMeanHint(each, near.length === 0 ? all : near)
    problems.report('EVENT_UNKNOWN', { path: ['subscribers', name, each] }, `There is no event "${each}".`, { hint })
  }
}
