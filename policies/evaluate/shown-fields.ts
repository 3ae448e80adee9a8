import { columnFields, type Entity, embedsOf, ruleCovers, rulesFor } from '#schema'
import { judge } from './judge.ts'
import type { Place } from './place.ts'
import { isAmong } from './roles.ts'
import { traceAllow, traceReserve } from './trace-rule.ts'
import type { Caller, Row, World } from './world.ts'

/**
 * What a reader of the row is shown of it: fields, parts of value objects, computed fields and relations by name. The key and the built-in
 * fields show with the row. A field that rules reserve shows to those for whom it is, where a rule that shows the row covers it.
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
  const always = new Set([...entity.key, ...entity.fields.filter(({ builtIn }) => builtIn).map(({ name }) => name)])
  const isShown = (name: string): boolean => always.has(name) || (shows(name) && !isReserved(name))
  return new Set(showing.length === 0 ? [] : namesOf(entity).filter(isShown))
}

function namesOf({ computed, relations, ...entity }: Entity): readonly string[] {
  return [...columnFields(entity), ...embedsOf(entity), ...computed, ...relations].map(({ name }) => name)
}
