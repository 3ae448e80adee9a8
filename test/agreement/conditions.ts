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
import { idOf } from './ids.ts'
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
  const { name, type } = random.pick([...known, ...computed])
  if (type.kind === 'list') return listLeaf(random, name, pools[type.of.kind]!)
  if (type.kind === 'period') return periodLeaf(random, name, type.of)
  if (random.chance(15)) return m.compare(name, random.pick(equality), null)
  const pool = type.kind === 'choice' ? type.values.map(({ value }) => value) : pools[type.kind]!
  if (random.chance(20)) return m.compare(name, random.pick(['in', 'notIn']), random.some(pool, 1, 40))
  return m.compare(name, random.pick(operatorsOf(type)), random.pick(pool))
}

function listLeaf(random: Random, name: string, pool: readonly (string | number | boolean)[]): Condition {
  const op = random.pick(['has', 'hasAny', 'hasAll', 'empty', 'is', 'isNot'] as const)
  if (op === 'is' || op === 'isNot') return m.compare(name, op, null)
  if (op === 'empty') return m.compare(name, op, random.chance(50))
  return m.compare(name, op, op === 'has' ? random.pick(pool) : random.some(pool, 1, 30))
}

function periodLeaf(random: Random, name: string, of: 'date' | 'datetime'): Condition {
  const op = random.pick(['covers', 'endsBefore', 'startsAfter', 'overlaps', 'is', 'isNot'] as const)
  if (op === 'is' || op === 'isNot') return m.compare(name, op, null)
  const [a, b] = [random.pick(pools[of]!), random.pick(pools[of]!)].map(String).sort()
  return m.compare(name, op, op === 'overlaps' ? `["${a}","${b}"]` : a!)
}

/** A comparison with something of the caller. */
function actorLeaf(random: Random, { entity, features }: ConditionRoom): Condition | null {
  const toward = (to: string) =>
    toOnesOf(entity)
      .filter((each) => each.to === to)
      .map(({ name }) => name)
  const whole = [...entity.fields, ...entity.computed].filter(({ type }) => type.kind === 'int').map(({ name }) => name)
  const regions = entity.fields
    .filter(({ name, type }) => type.kind === 'choice' && name !== 'status')
    .map(({ name }) => name)
  const people = [...toward('Person'), ...(entity.name === 'Person' ? ['id'] : [])]
  const teams = [...toward('Team'), ...(entity.name === 'Team' ? ['id'] : [])]
  const choices: Condition[] = [
    ...people.map((name) => m.compare(name, random.pick(equality), m.actor('id'))),
    ...(features.has('reach')
      ? teams.map((name) => m.compare(name, random.pick(['in', 'notIn']), m.actor(random.pick(['mine', 'led']))))
      : []),
    ...(features.has('within') && teams.length > 0 ? [m.compare(random.pick(teams), 'within', m.actor('mine'))] : []),
    ...whole.map((name) =>
      m.compare(
        name,
        random.pick([...equality, ...order]),
        m.actor(features.has('own') && random.chance(40) ? 'rank' : 'grade'),
      ),
    ),
    ...regions.map((name) => m.compare(name, random.pick(equality), m.actor('region'))),
  ]
  return choices.length === 0 ? null : random.pick(choices)
}

function idLeaf(random: Random, { entity }: ConditionRoom): Condition | null {
  const ones = toOnesOf(entity)
  if (ones.length === 0) return null
  const { name, to } = random.pick(ones)
  if (random.chance(30)) return m.compare(name, random.pick(equality), null)
  return m.compare(name, random.pick(equality), idOf(to, random.below(4)))
}

/** A comparison with another column: of the same row, or (far) of the row that the rule is about. */
function itsLeaf(random: Random, { entity, ruled, features }: ConditionRoom): Condition | null {
  const whole = (of: Entity) => of.fields.filter(({ type }) => type.kind === 'int').map(({ name }) => name)
  const [left, right] = [whole(entity), whole(entity)]
  if (features.has('rowWay') && random.chance(50)) {
    const far = farOperand(random, ruled ?? entity, ruled !== undefined)
    if (far !== null && left.length > 0) return m.compare(random.pick(left), random.pick([...equality, ...order]), far)
  }
  if (!features.has('itsColumn') || left.length < 2) return null
  return m.compare(random.pick(left), random.pick([...equality, ...order]), { kind: 'row', name: random.pick(right) })
}

function farOperand(random: Random, entity: Entity, isOutside: boolean): Operand | null {
  const of = isOutside ? { of: 'rule' as const } : {}
  if (entity.name === 'Item')
    return random.pick<Operand>([
      { kind: 'row', name: 'rank', ...of },
      { kind: 'row', name: 'level', way: ['team'], ...of },
      { kind: 'row', name: 'rank', way: ['owner'], ...of },
      ...(isOutside ? entity.computed.map(({ name }): Operand => ({ kind: 'row', name, ...of })) : []),
    ])
  if (entity.name === 'Line') return { kind: 'row', name: 'rank', way: ['item'], ...of }
  return null
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
      : m.compare(names.at(-1)!, random.pick(['in', 'in', 'notIn']), m.actor(random.pick(['mine', 'led'])))
  const before = names.slice(0, -1)
  const far = random.chance(20) ? m.not(end) : end
  return before.reduceRight<Condition>((where, name) => m.path(name, where), far)
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
  const lists = room.entity.relations.filter(({ kind }) => kind === 'many' || kind === 'through' || kind === 'hasOne')
  if (!room.features.has('many') || lists.length === 0 || (room.depth ?? 0) > 1) return null
  const list = random.pick(lists)
  if (list.kind === 'oneOf') return null
  const how = random.pick(['some', 'none', 'every'] as const)
  const where = how !== 'every' && random.chance(25) ? null : conditionFrom(random, inside(room, list.to), 1)
  return { kind: 'many', relation: list.name, how, where }
}

function inside(room: ConditionRoom, to: string): ConditionRoom {
  const entity = room.model.entities.find(({ name }) => name === to)!
  return { ...room, entity, becoming: false, depth: (room.depth ?? 0) + 1, ruled: room.ruled ?? room.entity }
}

/** Only from items to teams, and from lines to items, so that nothing goes round. */
function mayLeaf(random: Random, { entity, features, ruled }: ConditionRoom): Condition | null {
  if (!features.has('may')) return null
  const may: Condition = { kind: 'may', verb: random.pick(['read', 'update', 'delete']) }
  if (entity.name === 'Line' || entity.name === 'Badge') return ruled === undefined ? m.path('item', may) : null
  return entity.name === 'Item' ? m.path('team', may) : null
}

function factLeaf(random: Random, { model, features }: ConditionRoom): Condition | null {
  const person = model.entities.find(({ name }) => name === 'Person')!
  const room = { entity: person, model, features: new Set<Feature>(), becoming: false }
  const made: Condition[] = [
    ...(features.has('callerFact')
      ? [{ kind: 'fact', about: 'caller', where: conditionFrom(random, room, 1) } as const]
      : []),
    ...(features.has('roleFact')
      ? [{ kind: 'fact', about: 'role', roles: [random.pick(['clerk', 'boss', 'auditor'])] } as const]
      : []),
    ...(features.has('claimFact')
      ? [
          {
            kind: 'fact',
            about: 'claim',
            on: 'grade',
            op: random.pick([...equality, ...order]),
            to: { kind: 'value', value: random.below(3) },
          } as const,
        ]
      : []),
  ]
  return made.length === 0 ? null : random.pick(made)
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
  const whole = entity.fields.filter(({ type }) => type.kind === 'int').map(({ name }) => name)
  if (!features.has('was') || !becoming || whole.length === 0) return null
  const name = random.pick(whole)
  return m.compare(name, random.pick([...equality, ...order]), {
    kind: 'was',
    name: random.chance(80) ? name : random.pick(whole),
  })
}
