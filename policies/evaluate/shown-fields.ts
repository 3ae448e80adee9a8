import { columnFields, type Entity, embedsOf, ruleCovers, rulesFor } from '#schema'
import { guardable, guardedGroups } from '../to-sql/guarded-fields.ts'
import { flagsOfComputed } from '../to-sql/guarded-formulas.ts'
import { judge } from './judge.ts'
import type { Place } from './place.ts'
import { isAmong } from './roles.ts'
import { traceAllow, traceReserve } from './trace-rule.ts'
import type { Caller, Row, World } from './world.ts'

/**
 * What a reader of the row is shown of it: fields, parts of value objects, computed fields and relations by name. The key, the built-in fields
 * and relations to many show with the row, a computed field with what its formula reads of the row. A field that rules reserve shows to those
 * for whom it is, where a rule that shows the row covers it.
 */
export function shownFields(
  entity: Entity,
  row: Row,
  { caller, world }: { readonly caller: Caller; readonly world: World },
): ReadonlySet<string> {
  const place: Place = { world, caller, entity, row, ruled: { entity, row }, before: null, judge }
  const rules = rulesFor(world.index.model, entity).filter(
    (rule) => ruleCovers(entity, rule, 'read') && isAmong(rule.audience, caller, world.index.model),
  )
  const showing = rules.filter(
    (rule) => rule.effect === 'allow' && traceAllow(rule, { verb: 'read', changed: [] }, place).holds,
  )
  const isReserved = (name: string): boolean => {
    const all = rulesFor(world.index.model, entity).filter(
      (rule) => rule.effect === 'reserve' && ruleCovers(entity, rule, 'read') && rule.fields?.includes(name) === true,
    )
    return all.length > 0 && !all.some((rule) => rules.includes(rule) && traceReserve(rule, place).holds)
  }
  const shows = (name: string): boolean => showing.some(({ fields }) => fields === null || fields.includes(name))
  const guarded = new Set(guardable(entity).map(({ name }) => name))
  const isShown = (name: string): boolean => !guarded.has(name) || (shows(name) && !isReserved(name))
  const isWhollyShown = (name: string): boolean => heldBy(name, entity, world).every(isShown)
  return new Set(showing.length === 0 ? [] : namesOf(entity).filter(isWhollyShown))
}

/** What has a column of its own behind a name: the field itself, parts of a value object, to-ones of a `oneOf`, what a formula reads of its row. */
function heldBy(name: string, entity: Entity, { index }: World): readonly string[] {
  const computed = entity.computed.find((each) => each.name === name)
  if (computed !== undefined) {
    const flags = flagsOfComputed(computed, entity, index)
    return guardedGroups(entity, index).flatMap(({ flag, names }) => (flags.includes(flag) ? names : []))
  }
  const group = entity.relations.find((each) => each.name === name)
  if (group?.kind === 'oneOf') return group.targets.map(({ relation }) => relation)
  const parts = columnFields(entity).filter((part) => part.name.startsWith(`${name}.`))
  return parts.length === 0 ? [name] : parts.map((part) => part.name)
}

function namesOf({ computed, relations, ...entity }: Entity): readonly string[] {
  return [...columnFields(entity), ...embedsOf(entity), ...computed, ...relations].map(({ name }) => name)
}
