import type { Condition, Rule } from '#schema'
import { columnBehind, ruleCovers, rulesFor, toOnesOf } from '#schema'
import { entityOf } from '../to-sql/model-index.ts'
import type { ClauseTrace, RuleTrace } from './decision.ts'
import { judge } from './judge.ts'
import { compared } from './judge-comparison.ts'
import { lackedBy } from './lacked.ts'
import { readOperand } from './operand.ts'
import type { Place } from './place.ts'
import { isAmong } from './roles.ts'
import { isLive, rowByKey } from './rows.ts'
import { heldValue, type Known, written } from './value.ts'
import type { Row } from './world.ts'

/** What a change is about. */
export interface Change {
  readonly verb: string
  /** The row as it would be left. */
  readonly after?: Row
  /** Fields and to-one relations that the caller gives. */
  readonly changed: readonly string[]
}

/** What an allow says of the row as it is, the row as it would be left, and every changed field. */
export function traceAllow(rule: Rule, { verb, after, changed }: Change, place: Place): RuleTrace {
  const isUpdate = verb === 'update'
  const writes = isUpdate || verb === 'create'
  const sets = writes ? presetsOf(rule, place) : {}
  const where = traceIn(rule.where, verb === 'create' ? withRow(place, { ...place.row, ...sets }) : place)
  const next = { ...(after ?? place.row), ...sets }
  const condition = rule.becoming === 'anything' ? null : (rule.becoming ?? rule.where)
  const becoming = isUpdate ? traceIn(condition, { ...withRow(place, next), before: place.row }) : null
  const uncovered = writes ? changed.filter((name) => !(rule.fields?.includes(name) ?? true) && !(name in sets)) : []
  const given = verb === 'create' ? place.row : (after ?? place.row)
  const preset = changed.filter(
    (name) => name in sets && !(isTaken(name, verb, place) && isSame(name, given, sets, place)),
  )
  const plain = blank(rule, place)
  const meets = (clause: ClauseTrace | null): boolean => clause === null || clause.truth === true
  const isWhole = uncovered.length === 0 && preset.length === 0 && leadToLive(sets, place)
  const holds = plain.lacks.length === 0 && meets(where) && meets(becoming) && isWhole
  return { ...plain, where, becoming, uncovered, preset, holds }
}

/** What a denial says: it stands where it might hold, and nothing surely excuses it. */
export function traceDeny(rule: Rule, place: Place): RuleTrace {
  const plain = blank(rule, place)
  const where = traceIn(rule.where, place)
  const unless = traceIn(rule.unless, place)
  const holds = plain.lacks.length > 0 || (where?.truth !== false && unless?.truth !== true)
  return { ...plain, where, unless, holds }
}

/** Whether a reserve gives the caller its fields. */
export function traceReserve(rule: Rule, place: Place): RuleTrace {
  const plain = blank(rule, place)
  const where = traceIn(rule.where, place)
  return { ...plain, where, holds: plain.lacks.length === 0 && (where === null || where.truth === true) }
}

/** Whether some rule takes the field from the caller: where none does, no request of the caller's can name it, whatever the value. */
function isTaken(name: string, verb: string, { entity, caller, world }: Place): boolean {
  const { model } = world.index
  return rulesFor(model, entity).some(
    ({ effect, fields, sets, audience, verbs }) =>
      effect === 'allow' &&
      ruleCovers(entity, { verbs }, verb) &&
      isAmong(audience, caller, model) &&
      fields?.includes(name) !== false &&
      !sets.some((preset) => preset.name === name),
  )
}

function blank(rule: Rule, place: Place): RuleTrace {
  return {
    title: rule.title,
    effect: rule.effect,
    audience: isAmong(rule.audience, place.caller, place.world.index.model),
    lacks: lackedBy(rule, place),
    holds: false,
    where: null,
    becoming: null,
    unless: null,
    uncovered: [],
    preset: [],
  }
}

function traceIn(condition: Condition | null, place: Place): ClauseTrace | null {
  return condition === null ? null : judge(condition, place)
}

function withRow(place: Place, row: Row): Place {
  return { ...place, row, ruled: { entity: place.entity, row } }
}

/** The values that a rule gives by itself. */
export function presetsOf({ sets }: Rule, place: Place): Row {
  return Object.fromEntries(
    sets.map(({ name, to }) => {
      const type = columnBehind(place.entity, name, place.world.index.entities)?.type ?? ({ kind: 'uuid' } as const)
      return [name, written(readOperand(to, type, place) as Known)]
    }),
  )
}

/** Relations that a rule gives lead to live rows; who may read them does not matter, because the caller did not choose. */
function leadToLive(sets: Row, { entity, world, caller }: Place): boolean {
  return toOnesOf(entity).every(({ name, to }) => {
    if ((sets[name] ?? null) === null) return true
    const target = rowByKey(entityOf(world.index, to), sets[name]!, world, caller)
    return target !== null && isLive(target, world, caller)
  })
}

function isSame(name: string, given: Row, sets: Row, { entity, world }: Place): boolean {
  const type = columnBehind(entity, name, world.index.entities)?.type ?? ({ kind: 'uuid' } as const)
  const [left, right] = [heldValue(given[name], type), heldValue(sets[name], type)]
  return left === null || right === null ? left === right : compared('is', left, right, type) === true
}
