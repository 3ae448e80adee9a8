import { type Entity, type Rule, ruleCovers, rulesFor, toOnesOf, verbsOf } from '#schema'
import { entityOf } from '../to-sql/model-index.ts'
import { changedNames } from './changed-names.ts'
import type { Decision, Reason, RuleTrace } from './decision.ts'
import { judge, mayDo } from './judge.ts'
import { madeRow } from './made-row.ts'
import { mayReadChange } from './may-read-change.ts'
import type { Place } from './place.ts'
import { isLasting, isLive, isOurs, isRemoved, isWithin, rowByKey } from './rows.ts'
import { traceAllow, traceDeny, traceReserve } from './trace-rule.ts'
import type { Caller, Row, World } from './world.ts'

/** What is asked. */
export interface Question {
  /** `read`, `create`, `update`, `remove`, `restore`, `delete`, a transition or an action. */
  readonly verb: string
  /** Name of the entity. */
  readonly entity: string
  /** The row as it is; for `create` the new row, with its defaults. */
  readonly row: Row
  /** Only for `update`: the row as it would be left. */
  readonly after?: Row
  /** Fields and to-one relations that the caller gives; left out: those that differ, for `create` from their defaults. */
  readonly changed?: readonly string[]
  readonly caller: Caller
  readonly world: World
}

/**
 * What the rules say, rule by rule: the meaning of the language written as directly as can be. What the database checks besides (limits,
 * unique values, dependants of what is removed, states that transitions lead away from) is not asked.
 */
export function decide(question: Question): Decision {
  const { verb, world, caller, row } = question
  const entity = entityOf(world.index, question.entity)
  const place: Place = { world, caller, entity, row, ruled: { entity, row }, before: null, judge }
  const changed = question.changed ?? changedNames(question, entity)
  const rules = rulesFor(world.index.model, entity).filter((rule) => ruleCovers(entity, rule, verb))
  const made = verb === 'create' ? madeRow(rules, changed, place) : row
  const denied: Place = { ...place, row: made, ruled: { entity, row: made } }
  const traces = rules.map((rule) => traceOf(rule, { ...question, changed }, rule.effect === 'deny' ? denied : place))
  const plain = {
    entity: entity.name,
    verb,
    rules: traces,
    denials: standing(traces),
    because: null,
    rule: null,
    fields: [],
  }
  const refused = (reason: Reason, more: Partial<Decision> = {}): Decision => ({
    ...plain,
    allowed: false,
    reason,
    ...more,
  })
  const obstacle = obstacleOf(verb, place)
  if (obstacle !== null) return refused(obstacle)
  const unreachable = unreachableOnes(question, place)
  if (unreachable.length > 0) return refused('unreachable', { fields: unreachable })
  const [denial] = plain.denials
  if (denial !== undefined) {
    const because = rules.find(({ title }) => title === denial)?.because ?? null
    return refused('denied', { rule: denial, because })
  }
  const reserved = reservedFrom(changed, rules, traces)
  if (reserved.length > 0) return refused('reserved', { fields: reserved })
  const allowing = traces.find((trace) => trace.effect === 'allow' && trace.audience && trace.holds)
  if (allowing !== undefined) return { ...plain, allowed: true, reason: 'allowed', rule: allowing.title }
  return readsByRow(entity, verb, place) ? { ...plain, allowed: true, reason: 'allowed' } : refused('unallowed')
}

function traceOf(rule: Rule, question: Question & { readonly changed: readonly string[] }, place: Place): RuleTrace {
  if (rule.effect === 'allow') return traceAllow(rule, question, place)
  return rule.effect === 'deny' ? traceDeny(rule, place) : traceReserve(rule, place)
}

function standing(traces: readonly RuleTrace[]): readonly string[] {
  return traces.filter((each) => each.effect === 'deny' && each.audience && each.holds).map(({ title }) => title)
}

/** What keeps the verb from the row whatever its own rules say. */
function obstacleOf(verb: string, place: Place): Reason | null {
  const { entity, world, caller } = place
  const isMadeByDatabase = entity.link !== null || entity.historyOf !== null
  if (!verbsOf(entity).includes(verb) || (isMadeByDatabase && verb !== 'read')) return 'impossible'
  if (!isWithin(place, caller)) return 'gone'
  if (verb !== 'read' && isOurs(place, caller)) return 'impossible'
  if (verb === 'create') return null
  const isThere =
    verb === 'restore' ? isRemoved(place) && isLasting(place, world, caller) : isLive(place, world, caller)
  if (!isThere) return 'gone'
  return verb !== 'read' && !mayDo('read', place) ? 'hidden' : null
}

/** Links and changes have no rules of their own: they are read where their rows are. */
function readsByRow(entity: Entity, verb: string, place: Place): boolean {
  if (verb !== 'read') return false
  if (entity.link !== null) return toOnesOf(entity).every(({ name }) => isReachable(name, place.row, place, false))
  return entity.historyOf !== null && mayReadChange(place)
}

/** To-ones that are set, and lead to no live row that the caller may read. */
function unreachableOnes({ verb, row, after }: Question, place: Place): readonly string[] {
  if (verb !== 'create' && verb !== 'update') return []
  const next = verb === 'create' ? row : (after ?? row)
  return toOnesOf(place.entity)
    .map(({ name }) => name)
    .filter((name) => verb === 'create' || (next[name] ?? null) !== (row[name] ?? null))
    .filter((name) => (next[name] ?? null) !== null && !isReachable(name, next, place, true))
}

/** The caller may always be named, also where it may not read its own row. */
function isReachable(name: string, row: Row, place: Place, passesOwn: boolean): boolean {
  const { world, caller, entity } = place
  const relation = toOnesOf(entity).find((each) => each.name === name)!
  const key = row[name] ?? null
  if (passesOwn && relation.to === world.index.model.actor?.entity && key === caller.id) return true
  const target = rowByKey(entityOf(world.index, relation.to), key, world, caller)
  return target !== null && isLive(target, world, caller) && mayDo('read', { ...place, ...target })
}

/** Changed fields that reserves speak of, none of which is the caller's. */
function reservedFrom(
  changed: readonly string[],
  rules: readonly Rule[],
  traces: readonly RuleTrace[],
): readonly string[] {
  return changed.filter((name) => {
    const reserves = rules.flatMap((rule, at) =>
      rule.effect === 'reserve' && rule.fields?.includes(name) === true ? [traces[at]!] : [],
    )
    return reserves.length > 0 && !reserves.some(({ audience, holds }) => audience && holds)
  })
}
