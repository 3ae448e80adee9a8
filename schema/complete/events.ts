import type { Problems } from '../load/problems.ts'
import { eventNames, rowEvents } from '../model/events.ts'
import type { Entity } from '../model/model.ts'

/** The events that are asked for, each once and in the order of {@link eventNames}; unknown ones come last, to be reported by their check. */
export function completeEvents(given: unknown, entity: Entity, problems: Problems): readonly string[] {
  if (given === undefined) return []
  const known = eventNames(entity)
  // Of rows that are changed elsewhere there are none, which is reported by its check.
  if (given === true) return known.length === 0 ? rowEvents : known
  const names: readonly unknown[] = Array.isArray(given) ? given : []
  if (names.length === 0 || !names.every((name) => typeof name === 'string')) {
    const hint = "Write `events: true` or `events: ['created', …]`."
    const message = '"events" must be `true` or a list of names.'
    problems.report('OPTION_INVALID', { path: [entity.name, 'events'] }, message, { hint })
    return []
  }
  const asked = new Set<string>(names)
  return [...known.filter((name) => asked.has(name)), ...[...asked].filter((name) => !known.includes(name))]
}
