import { type Entity, type Rule, toOnesOf } from '#schema'
import type { Place } from './place.ts'
import { isAmong } from './roles.ts'
import { presetsOf, traceAllow } from './trace-rule.ts'
import type { Row } from './world.ts'

/**
 * A new row with what the rule gives it that lets it be made: denials judge that one. Of several rules the one that leaves most to the caller
 * makes it, and one that leaves nothing out that every row needs before any other.
 *
 * @param rules those of the entity that speak of `create`
 */
export function madeRow(rules: readonly Rule[], changed: readonly string[], place: Place): Row {
  const { entity, caller, world } = place
  if (!rules.some(({ sets }) => sets.length > 0)) return place.row
  const allows = rules
    .filter((rule) => rule.effect === 'allow' && isAmong(rule.audience, caller, world.index.model))
    .sort((a, b) => a.sets.length - b.sets.length || (a.title < b.title ? -1 : 1))
  const whole = (rule: Rule): Row => ({ ...place.row, ...presetsOf(rule, place) })
  const holding = allows.filter((rule) => traceAllow(rule, { verb: 'create', changed }, place).holds)
  const making = holding.find((rule) => isComplete(whole(rule), rules, entity)) ?? holding[0]
  return making === undefined ? place.row : whole(making)
}

/** Whether everything that some rule gives and every row needs is there. */
function isComplete(row: Row, rules: readonly Rule[], entity: Entity): boolean {
  const given = new Set(rules.flatMap(({ effect, sets }) => (effect === 'allow' ? sets.map(({ name }) => name) : [])))
  return [...entity.fields, ...toOnesOf(entity)].every(
    ({ name, optional }) => optional || !given.has(name) || (row[name] ?? null) !== null,
  )
}
