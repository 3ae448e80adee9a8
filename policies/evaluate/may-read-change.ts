import { Bug } from '#base'
import { changedRow, columnParts, isKeptRelation, type Rule, ruleCovers, rulesFor, toOnesOf } from '#schema'
import { entityOf } from '../to-sql/model-index.ts'
import { denies, mayDo } from './judge.ts'
import type { Place, Placed } from './place.ts'
import { isAmong } from './roles.ts'
import { isLive, rowByKey } from './rows.ts'
import { traceAllow } from './trace-rule.ts'

/** Whether a change in a history shows: where its row does, and a rule shows the row as it was then. */
export function mayReadChange(place: Place): boolean {
  const { entity: history, world, caller } = place
  const relation = changedRow(history)
  if (relation === null) throw new Bug(`"${history.name}" leads to no row.`)
  const now = rowByKey(entityOf(world.index, relation.to), place.row[relation.name] ?? null, world, caller)
  if (now === null || !isLive(now, world, caller) || !mayDo('read', { ...place, ...now })) return false
  const then = formerRow(place, now)
  const at: Place = { ...place, ...then, ruled: then }
  const rules = rulesFor(world.index.model, now.entity).filter(
    (rule) => ruleCovers(now.entity, rule, 'read') && isAmong(rule.audience, caller, world.index.model),
  )
  const shows = (rule: Rule): boolean =>
    rule.effect === 'allow' && traceAllow(rule, { verb: 'read', changed: [] }, at).holds
  return rules.some(shows) && !rules.some((rule) => denies(rule, at))
}

/** The row as it was; what its changes do not keep is as it is. */
function formerRow({ entity: history, row }: Place, { entity, row: current }: Placed): Placed {
  const kept = new Set([
    ...history.fields.map(({ name }) => name),
    ...toOnesOf(history)
      .filter((relation) => isKeptRelation(history, relation))
      .map(({ name }) => name),
  ])
  const tracked = columnParts(entity).filter(
    (part) => !entity.key.includes(part.name) && (!('builtIn' in part && part.builtIn) || part.name === 'status'),
  )
  const values = tracked.filter(({ name }) => kept.has(name)).map(({ name }) => [name, row[name] ?? null])
  return { entity, row: { ...current, ...Object.fromEntries(values) } }
}
