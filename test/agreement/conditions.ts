import {
  type Condition,
  columnFields,
  type Entity,
  type FieldType,
  type Model,
  type Operand,
  type Operator,
  toOnesOf,
} from '#schema'
import * as m from '../support/model.ts'
import type { Feature } from './features.ts'
import { someKey } from './ids.ts'
import { pools } from './pools.ts'
import type { Random } from './random.ts'

/** What a condition is made for. */
export interface ConditionRoom {
  readonly entity: Entity
  readonly model: Model
  readonly features: ReadonlySet<Feature>
  /** Whether it speaks of a row after a change, at the level of that row. */
  readonly becoming: boolean
  /** Relations that were followed already. */
  readonly depth?: number
  /** Whether the rule may ask if the row itself may be deleted. */
  readonly asksItself?: boolean
  /** The entity that the rule is about; left out where it is this one. */
  readonly ruled?: Entity
}

/** A condition on a row: comparisons of every kind, combined and led through relations. */
export function conditionFrom(random: Random, room: ConditionRoom, height = 2): Condition {
  const draw = random.below(100)
  if (height > 0 && draw < 14)
    return m.all(
      ...random.times(1 + random.below(2), () => conditionFrom(random, room, height - 1)),
      leafFrom(random, room),
    )
  if (height > 0 && draw < 28)
    return m.any(
      ...random.times(1 + random.below(2), () => conditionFrom(random, room, height - 1)),
      leafFrom(random, room),
    )
  if (height > 0 && draw < 36) return m.not(conditionFrom(random, room, height - 1))
  return leafFrom(random, room)
}

type Leaf = (random: Random, room: ConditionRoom) => Condition | null

const leaves: readonly (readonly [weight: number, Leaf])[] = [
  [6, fieldLeaf],
  [3, actorLeaf],
  [2, idLeaf],
  [2, itsLeaf],
  [3, pathLeaf],
  [3, manyLeaf],
  [2, mayLeaf],
  [2, factLeaf],
  [1, requestLeaf],
  [3, carriedLeaf],
  [1, nowLeaf],
  [1, wasLeaf],
]

function leafFrom(random: Random, room: ConditionRoom): Condition {
  const all = leaves.flatMap(([weight, leaf]) => Array.from({ length: weight }, () => leaf))
  for (;;) {
    const made = random.pick(all)(random, room)
    if (made !== null) return made
  }
}

const order: readonly Operator[] = ['under', 'atMost', 'over', 'atLeast']
const equality: readonly Operator[] = ['is', 'isNot']

function operatorsOf({ kind }: FieldType): readonly Operator[] {
  if (kind === 'text') return [...equality, ...order, 'startsWith', 'contains', 'endsWith']
  return kind === 'boolean' || kind === 'choice' || kind === 'uuid' ? equality : [...equality, ...order]
}

function fieldLeaf(random: Random, { entity }: ConditionRoom): Condition | null {
  const computed = entity.computed.map(({ name, type }) => ({ name, type }))
  const known = columnFields(entity).filter(({ builtIn, name }) => !builtIn || name === 'status' || name === 'isShared')
  if (known.length === 0) return null
  // What only some models have is asked for often where it is there.
  const rare = known.filter((field) => field.type.kind === 'period' || field.type.kind === 'list')
  const { name, type } = random.pick(rare.length > 0 && random.chance(45) ? rare : [...known, ...computed])
  if (type.kind === 'list') return listLeaf(random, name, pools[type.of.kind] ?? null)
  if (type.kind === 'dict' || type.kind === 'base64') return listLeaf(random, name, null)
  if (type.kind === 'shape') return m.compare(name, random.pick(equality), null)
  if (type.kind === 'period') return periodLeaf(random, name, type.of)
  if (random.chance(15)) return m.compare(name, random.pick(equality), null)
  const pool = type.kind === 'choice' ? type.values.map(({ value }) => value) : pools[type.kind]!
  if (random.chance(20)) return m.compare(name, random.pick(['in', 'notIn']), random.some(pool, 1, 40))
  return m.compare(name, random.pick(operatorsOf(type)), random.pick(pool))
}

/** Of what has elements; null: elements that nothing is compared with. */
function listLeaf(random: Random, name: string, pool: readonly (string | number | boolean)[] | null): Condition {
  const op =
    pool === null
      ? random.pick(['empty', 'is', 'isNot'] as const)
      : random.pick(['has', 'hasAny', 'hasAll', 'empty', 'is', 'isNot'] as const)
  if (op === 'is' || op === 'isNot') return m.compare(name, op, null)
  if (op === 'empty') return m.compare(name, op, random.chance(50))
  return m.compare(name, op, op === 'has' ? random.pick(pool!) : random.some(pool!, 1, 30))
}

function periodLeaf(random: Random, name: string, of: 'date' | 'datetime'): Condition {
  const op = random.pick(['covers', 'endsBefore', 'startsAfter', 'overlaps', 'is', 'isNot'] as const)
  if (op === 'is' || op === 'isNot') return m.compare(name, op, null)
  const [a, b] = [random.pick(pools[of]!), random.pick(pools[of]!)].map(String).sort()
  if (op !== 'overlaps') return m.compare(name, op, a!)
  // As authors' words are written: with the last day, but without the last instant.
  const end = of === 'date' ? `"${b}"]` : a === b ? ')' : `"${b}")`
  return m.compare(name, op, `["${a}",${end}`)
}

/** A comparison with something of the caller: its id, what it reaches, claims and values of its own row. */
function actorLeaf(random: Random, { entity, model, features }: ConditionRoom): Condition | null {
  const values = model.actor!.values
  const own = (name: string) => features.has('own') && values.some((each) => each.name === name)
  const links = [...linksOf(entity), ...(entity.key.join() === 'id' ? [{ name: 'id', to: entity.name }] : [])]
  const reaches = (to: string) => values.filter((each) => each.kind === 'reach' && each.to === to)
  const scalars = [...entity.fields, ...entity.computed].filter(({ name }) => name !== 'status')
  const ofKind = (kind: FieldType['kind']) => scalars.filter(({ type }) => type.kind === kind).map(({ name }) => name)
  const compared = (name: string, ops: readonly Operator[], to: string) =>
    m.compare(name, random.pick(ops), m.actor(to))
  const claims = features.has('claims')
  const choices: Condition[] = [
    ...links
      .filter(({ to }) => to === 'Person')
      .map(({ name }) => compared(name, equality, own('boss') && random.chance(25) ? 'boss' : 'id')),
    ...(features.has('reach') ? links : []).flatMap(({ name, to }) => {
      const all = reaches(to)
      return all.length === 0 ? [] : [compared(name, ['in', 'notIn'], random.pick(all).name)]
    }),
    ...(features.has('within') ? links.filter(({ to }) => to === 'Team') : []).map(({ name }) =>
      compared(name, ['within'], random.pick(reaches('Team')).name),
    ),
    ...ofKind('int').map((name) =>
      compared(name, [...equality, ...order], own('rank') && random.chance(40) ? 'rank' : 'grade'),
    ),
    ...ofKind('choice').map((name) => compared(name, equality, 'region')),
    ...(claims ? ofKind('date').map((name) => compared(name, [...equality, ...order], 'since')) : []),
    ...(claims ? ofKind('boolean').map((name) => compared(name, equality, 'vip')) : []),
  ]
  return choices.length === 0 ? null : random.pick(choices)
}

/** To-ones by name, without those of changes, which lead where nobody may be. */
function linksOf(entity: Entity): readonly { readonly name: string; readonly to: string }[] {
  return toOnesOf(entity).map(({ name, to }) => ({ name, to }))
}

function idLeaf(random: Random, { entity, model, features }: ConditionRoom): Condition | null {
  const ones = linksOf(entity)
  const own = entity.key.length === 1 && random.chance(20) ? [{ name: entity.key[0]!, to: entity.name }] : []
  if (ones.length + own.length === 0) return null
  const { name, to } = random.pick([...ones, ...own])
  if (own.length === 0 && random.chance(25)) return m.compare(name, random.pick(equality), null)
  const target = model.entities.find((each) => each.name === to)!
  const isTree = target.tree !== null && features.has('within')
  const many = random.times(1 + random.below(2), () => someKey(random, target))
  if (isTree && random.chance(40)) return m.compare(name, 'within', random.chance(50) ? many : many[0]!)
  return random.chance(30)
    ? m.compare(name, random.pick(['in', 'notIn']), many)
    : m.compare(name, random.pick(equality), many[0]!)
}

/** A value with what it is compared as: the kind of a field, or the entity of a row. */
interface Comparable {
  readonly name: string
  readonly kind: string
}

/** Kinds whose values meet those of another column now and then. */
const comparableKinds = new Set<string>(['int', 'text', 'choice', 'date', 'datetime', 'boolean', 'float'])

function comparablesOf(entity: Entity): readonly Comparable[] {
  const kindOf = (kind: string) => (kind === 'choice' ? 'text' : kind)
  return [
    ...[...columnFields(entity), ...entity.computed]
      .filter(({ name, type }) => comparableKinds.has(type.kind) && !builtIns.has(name))
      .map(({ name, type }) => ({ name, kind: kindOf(type.kind) })),
    ...linksOf(entity).map(({ name, to }) => ({ name, kind: to })),
  ]
}

const builtIns = new Set(['createdAt', 'updatedAt', 'deletedAt', 'status', 'isShared'])

/** A comparison with another column: of the same row, or (far) of the row that the rule is about. */
function itsLeaf(random: Random, { entity, ruled, model, features }: ConditionRoom): Condition | null {
  const left = comparablesOf(entity)
  if (left.length === 0) return null
  const { name, kind } = random.pick(left)
  const ops = isOrdered(kind) ? [...equality, ...order] : equality
  if (features.has('rowWay') && random.chance(60)) {
    const from = ruled ?? entity
    const all = farOperands(from, ruled !== undefined, model).filter((each) => each.kind === kind)
    const others = all.filter(({ to }) => ruled !== undefined || to.way !== undefined)
    if (others.length > 0) return m.compare(name, random.pick(ops), random.pick(others).to)
  }
  const others = left.filter((each) => each.kind === kind && each.name !== name)
  if (!features.has('itsColumn') || others.length === 0) return null
  return m.compare(name, random.pick(ops), { kind: 'row', name: random.pick(others).name })
}

function isOrdered(kind: string): boolean {
  return kind === 'int' || kind === 'date' || kind === 'datetime' || kind === 'float'
}

type RowOperand = Extract<Operand, { readonly kind: 'row' }>

/** Values of the row that a rule is about, and of rows that at most two to-ones lead to from it. */
function farOperands(
  entity: Entity,
  isOutside: boolean,
  model: Model,
): readonly { readonly kind: string; readonly to: RowOperand }[] {
  const of = isOutside ? { of: 'rule' as const } : {}
  const from = (at: Entity, way: readonly string[]): ReturnType<typeof farOperands> => {
    const here = comparablesOf(at).map(({ name, kind }) => {
      const to: RowOperand = { kind: 'row', name, ...(way.length === 0 ? {} : { way }), ...of }
      return { kind, to }
    })
    if (way.length === 2) return here
    const further = linksOf(at).flatMap(({ name, to }) =>
      from(model.entities.find((each) => each.name === to)!, [...way, name]),
    )
    return [...here, ...further]
  }
  return from(entity, [])
}

function pathLeaf(random: Random, room: ConditionRoom): Condition | null {
  const ones = toOnesOf(room.entity)
  if (!room.features.has('path') || ones.length === 0 || (room.depth ?? 0) > 1) return null
  const { name, to } = random.pick(ones)
  return m.path(name, conditionFrom(random, inside(room, to), 1))
}

/** A way over to-ones to whom the caller is, or to teams of its: the first relations may be carried in the row. */
function carriedLeaf(random: Random, { entity, model, features, depth }: ConditionRoom): Condition | null {
  if (!features.has('carried') || depth !== undefined) return null
  const ways = waysFrom(entity, model, 4).filter((way) => way.names.length > 1)
  if (ways.length === 0) return null
  const { names, to } = random.pick(ways)
  const end =
    to === 'Person'
      ? m.compare(names.at(-1)!, random.pick(equality), m.actor('id'))
      : m.compare(names.at(-1)!, random.pick(['in', 'in', 'notIn']), m.actor(random.pick(teamReaches(model))))
  const before = names.slice(0, -1)
  const far = random.chance(20) ? m.not(end) : end
  return before.reduceRight<Condition>((where, name) => m.path(name, where), far)
}

function teamReaches(model: Model): readonly string[] {
  return model.actor!.values.filter((each) => each.kind === 'reach' && each.to === 'Team').map(({ name }) => name)
}

interface Way {
  readonly names: readonly string[]
  readonly to: string
}

function waysFrom(entity: Entity, model: Model, most: number): readonly Way[] {
  if (most === 0) return []
  return toOnesOf(entity)
    .filter(({ to }) => to !== entity.name)
    .flatMap(({ name, to }): readonly Way[] => {
      const target = model.entities.find((each) => each.name === to)!
      const further = waysFrom(target, model, most - 1).map((way) => ({ ...way, names: [name, ...way.names] }))
      return to === 'Person' || to === 'Team' ? [{ names: [name], to }, ...further] : further
    })
}

function manyLeaf(random: Random, room: ConditionRoom): Condition | null {
  const lists = room.entity.relations.filter(({ kind }) => kind !== 'one' && kind !== 'oneOf')
  if (!room.features.has('many') || lists.length === 0 || (room.depth ?? 0) > 1) return null
  const list = random.pick(lists)
  if (list.kind === 'oneOf') return null
  const how = random.pick(['some', 'none', 'every'] as const)
  // A row is above and below itself.
  const isAny = how !== 'every' && list.kind !== 'lineage' && random.chance(25)
  return {
    kind: 'many',
    relation: list.name,
    how,
    where: isAny ? null : conditionFrom(random, inside(room, list.to), 1),
  }
}

function inside(room: ConditionRoom, to: string): ConditionRoom {
  const entity = room.model.entities.find(({ name }) => name === to)!
  return { ...room, entity, becoming: false, depth: (room.depth ?? 0) + 1, ruled: room.ruled ?? room.entity }
}

/**
 * Only from parts to lines, from lines to items, and from items to teams and labels, so that nothing goes round; of a row itself only whether
 * it may be deleted.
 */
function mayLeaf(random: Random, { entity, features, ruled, asksItself }: ConditionRoom): Condition | null {
  if (!features.has('may')) return null
  const may: Condition = { kind: 'may', verb: random.pick(['read', 'update', 'delete']) }
  if (asksItself === true && ruled === undefined && random.chance(40)) return { kind: 'may', verb: 'delete' }
  if (entity.name === 'Part') return ruled === undefined ? m.path('line', may) : null
  if (entity.name === 'Line' || entity.name === 'Badge') return ruled === undefined ? m.path('item', may) : null
  if (entity.name !== 'Item') return null
  // A label may lead back to items.
  const isSafe = ruled === undefined || ruled.name !== 'Label'
  return isSafe && random.chance(30)
    ? m.many('labels', random.pick(['some', 'none', 'every']), may)
    : isSafe
      ? m.path('team', may)
      : null
}

function factLeaf(random: Random, { model, features }: ConditionRoom): Condition | null {
  const person = model.entities.find(({ name }) => name === model.actor!.entity)!
  // A fact is the same for every row, and knows no rights.
  const known = new Set([...features].filter((each) => each === 'path' || each === 'many' || each === 'itsColumn'))
  const room = { entity: person, model, features: random.chance(50) ? known : new Set<Feature>(), becoming: false }
  const made: (() => Condition)[] = [
    ...(features.has('callerFact') ? [() => m.rowFact('caller', conditionFrom(random, { ...room, depth: 1 }, 1))] : []),
    ...(features.has('roleFact') ? [() => m.hasRole(...random.some(['clerk', 'boss', 'auditor'], 1, 30))] : []),
    ...(features.has('claimFact') ? [() => claimLeaf(random, features)] : []),
  ]
  return made.length === 0 ? null : random.pick(made)()
}

function claimLeaf(random: Random, features: ReadonlySet<Feature>): Condition {
  const draw = random.below(features.has('claims') ? 5 : 2)
  const claim = (on: string, op: Operator, to: Operand): Condition => ({ kind: 'fact', about: 'claim', on, op, to })
  const list = (values: readonly (string | number)[]): Operand => ({ kind: 'list', values })
  if (draw === 0) return m.claimFact('grade', random.pick([...equality, ...order]), random.below(3))
  if (draw === 1) return claim('region', random.pick(['in', 'notIn']), list(random.some(['eu', 'us'], 1)))
  if (draw === 2) return m.claimFact(random.pick(['grade', 'region', 'vip']), random.pick(equality), null)
  if (draw === 3) return m.claimFact('vip', random.pick(equality), random.chance(50))
  const now: Operand = { kind: 'now', by: { months: -6, days: 0, seconds: 0 } }
  return random.chance(50)
    ? m.claimFact('since', random.pick(order), random.pick(pools.date!) as string)
    : claim('since', random.pick(order), now)
}

/** A comparison of what the server knows of the request, or a condition on the tenant. */
function requestLeaf(random: Random, { model, features }: ConditionRoom): Condition | null {
  const place = model.entities.find(({ tenancy }) => tenancy === 'self')
  if (place !== undefined && random.chance(40))
    return m.rowFact('tenant', conditionFrom(random, { entity: place, model, features: new Set(), becoming: false }, 1))
  if (!features.has('requestFact')) return null
  return random.pick([
    () => m.requestFact('mfa', random.pick(equality), random.chance(70)),
    () => m.requestFact('hour', random.pick(order), random.pick([0, 8, 12, 23])),
    () => m.requestFact('weekday', random.pick(['in', 'notIn']), random.some(['mon', 'tue', 'wed', 'thu', 'fri'], 1)),
    () => m.requestFact('signedInFor', random.pick(order), random.pick([600, 86_400])),
    () => m.requestFact('ip', 'inside', random.some(['10.0.0.0/8', '192.168.0.0/16', '2001:db8::/32'], 1)),
  ])()
}

function nowLeaf(random: Random, { entity, features }: ConditionRoom): Condition | null {
  const moments = entity.fields.filter(
    ({ builtIn, type }) => (type.kind === 'date' || type.kind === 'datetime') && !builtIn,
  )
  if (!features.has('now') || moments.length === 0) return null
  const by = random.chance(30)
    ? null
    : { months: random.pick([-1, 0, 0, 1]), days: random.pick([-40, 0, 40]), seconds: 0 }
  return m.compare(random.pick(moments).name, random.pick(order), { kind: 'now', by })
}

function wasLeaf(random: Random, { entity, becoming, features }: ConditionRoom): Condition | null {
  if (!features.has('was') || !becoming) return null
  const held = comparablesOf(entity).filter(({ name }) => !entity.computed.some((each) => each.name === name))
  if (held.length === 0) return null
  const { name, kind } = random.pick(held)
  const others = held.filter((each) => each.kind === kind)
  return m.compare(name, random.pick(isOrdered(kind) ? [...equality, ...order] : equality), {
    kind: 'was',
    name: random.chance(80) ? name : random.pick(others).name,
  })
}
