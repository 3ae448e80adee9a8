import type { Condition, Operand, Rule } from '#schema'

/** A row of the small world that conditions are judged in; links hold ids. */
export type Row = Readonly<Record<string, string | number | boolean | null | readonly (string | number | boolean)[]>>

/** Rows by entity, and how relations lead on. */
export interface World {
  readonly rows: Readonly<Record<string, readonly Row[]>>
  /** `Thing.group` → `Group` */
  readonly targets: Readonly<Record<string, string>>
}

/** Who asks: what is left out is lacking. */
export interface Caller {
  readonly id?: string
  readonly claims: Readonly<Record<string, string | number>>
  readonly reach: Readonly<Record<string, readonly string[]>>
}

interface Place {
  readonly world: World
  readonly entity: string
  readonly row: Row
  readonly caller: Caller
}

/** What `dsl.md` says that a condition means, written as directly as can be. */
export function holds(condition: Condition, place: Place): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.all.every((each) => holds(each, place))
    case 'or':
      return condition.any.some((each) => holds(each, place))
    case 'not':
      return !holds(condition.not, place)
    case 'path': {
      const entity = place.world.targets[`${place.entity}.${condition.relation}`]!
      const row = place.world.rows[entity]!.find((each) => each.id === place.row[condition.relation])
      return row !== undefined && row.removed !== true && holds(condition.where, { ...place, entity, row })
    }
    case 'many':
    case 'may':
    case 'fact':
      throw new Error('judged by the evaluator of the language')
    case 'compare':
      return compares(condition, place)
  }
}

/** True when an allow shows the row. */
export function allows(rule: Rule, place: Place): boolean {
  if (lacksSomething(rule, place.caller)) return false
  return rule.where === null || holds(rule.where, place)
}

/** True when a deny hides the row. */
export function denies(rule: Rule, place: Place): boolean {
  if (lacksSomething(rule, place.caller)) return true
  const concerned = rule.where === null || holds(rule.where, place)
  return concerned && !(rule.unless !== null && holds(rule.unless, place))
}

function compares(condition: Extract<Condition, { kind: 'compare' }>, { row, caller }: Place): boolean {
  const { op, to } = condition
  if (op === 'isNot') return !compares({ ...condition, op: 'is' }, { row, caller } as Place)
  if (op === 'notIn') return !compares({ ...condition, op: 'in' }, { row, caller } as Place)
  const held = row[condition.on] ?? null
  if (op === 'has' || op === 'hasAny' || op === 'hasAll' || op === 'empty') {
    const wanted = to.kind === 'actor' ? { kind: 'value' as const, value: caller.claims[to.name] ?? null } : to
    return held !== null && holdsOfList(op, held as readonly Scalar[], wanted)
  }
  if (op === 'is' && Array.isArray(held)) return false
  const left = held as Scalar | null
  if (to.kind === 'list') return left !== null && to.values.some((value) => same(left, value))
  if (to.kind === 'actor' && to.name in caller.reach)
    return left !== null && caller.reach[to.name]!.includes(String(left))
  if (to.kind === 'row') {
    // Lists are compared with no other field.
    const other = (row[to.name] ?? null) as Scalar | null
    return left !== null && other !== null && decide(op, left, other)
  }
  if (to.kind === 'was' || to.kind === 'now') throw new Error('judged by the evaluator of the language')
  const right =
    to.kind === 'value' ? to.value : to.name === 'id' ? (caller.id ?? null) : (caller.claims[to.name] ?? null)
  if (op === 'is' && right === null) return left === null
  if (left === null || right === null) return false
  return decide(op, left, right)
}

/** Of a list that is there; without one, every test of its elements is false. */
function holdsOfList(op: 'has' | 'hasAny' | 'hasAll' | 'empty', list: readonly Scalar[], to: Operand): boolean {
  if (op === 'empty') return to.kind === 'value' && (list.length === 0) === to.value
  const wanted = to.kind === 'list' ? to.values : to.kind === 'value' && to.value !== null ? [to.value] : []
  const isIn = (value: Scalar) => list.some((element) => same(element, value))
  if (wanted.length === 0) return false
  return op === 'hasAll' ? wanted.every(isIn) : wanted.some(isIn)
}

type Scalar = string | number | boolean

function decide(op: string, left: Scalar, right: Scalar): boolean {
  const order = left === right ? 0 : isAmount(left) ? Number(left) - Number(right) : left < right ? -1 : 1
  switch (op) {
    case 'is':
      return same(left, right)
    case 'under':
      return order < 0
    case 'atMost':
      return order <= 0
    case 'over':
      return order > 0
    case 'atLeast':
      return order >= 0
    case 'startsWith':
      return String(left).startsWith(String(right))
    case 'contains':
      return String(left).includes(String(right))
    case 'endsWith':
      return String(left).endsWith(String(right))
    default:
      throw new Error(op)
  }
}

function same(left: Scalar, right: Scalar): boolean {
  return left === right || (isAmount(left) && Number(left) === Number(right))
}

/** Amounts and decimals are the strings with digits behind the point; 10.5 and 10.50 are one. */
function isAmount(value: Scalar): boolean {
  return typeof value === 'string' && /^-?\d+\.\d+$/.test(value)
}

function lacksSomething(rule: Rule, caller: Caller): boolean {
  const conditions = [rule.where, rule.unless].filter((each) => each !== null)
  return conditions.flatMap(actorNames).some((name) => {
    if (name === 'id' || name in caller.reach) return caller.id === undefined
    return caller.claims[name] === undefined
  })
}

function actorNames(condition: Condition): readonly string[] {
  if (condition.kind === 'and') return condition.all.flatMap(actorNames)
  if (condition.kind === 'or') return condition.any.flatMap(actorNames)
  if (condition.kind === 'not') return actorNames(condition.not)
  if (condition.kind === 'path') return actorNames(condition.where)
  return condition.kind === 'compare' && condition.to.kind === 'actor' ? [condition.to.name] : []
}
