import { unreachable } from '#base'
import { groupOf } from '../complete/one-of.ts'
import { kindOf } from '../dsl/declaration.ts'
import { declare } from '../dsl/declare.ts'
import { columnFields } from '../model/column-fields.ts'
import type { Comparison, Condition, Fact, ManyPath, Operand, Path } from '../model/condition.ts'
import type { Entity, FieldType, Relation, Shift } from '../model/model.ts'
import { writtenShift } from './written-shift.ts'
import { writtenValue } from './written-value.ts'

/** A condition as an author would write it: reading it gives the same condition. */
export type WrittenCondition = Readonly<Record<string, unknown>>

/** Where a condition stands. */
export interface WritingPlace {
  readonly entities: ReadonlyMap<string, Entity>
  /** Entity of the caller; null where nothing is said of one. */
  readonly caller: string | null
  /** Whether the row is the one that the rule is about; left out: it is. */
  readonly isFurtherIn?: true
}

/** The written form of a condition on a row of an entity. */
export function writtenCondition(condition: Condition, entity: About, place: WritingPlace): WrittenCondition {
  const write = (inner: Condition): WrittenCondition => writtenCondition(inner, entity, place)
  switch (condition.kind) {
    case 'and':
      return (
        noTarget(condition.all, entity) ??
        amountOf(condition.all, entity) ??
        sameField(condition.all, entity, place) ??
        sideBySide(condition.all.map(write))
      )
    case 'or':
      return { anyOf: condition.any.map(write) }
    case 'not':
      return someTarget(condition.not, entity) ?? { not: write(condition.not) }
    case 'compare':
      return nested(condition.on, writtenTest(condition, entity, place))
    case 'path':
      return writtenPath(condition, entity, place)
    case 'many':
      return writtenMany(condition, entity, place)
    case 'may':
      return declare('may', { verb: condition.verb })
    case 'fact':
      return writtenFact(condition, place)
    default:
      return unreachable(condition)
  }
}

/** `{ lines: { some: { … } } }`; without a condition `{ lines: { empty: true } }`. */
function writtenMany({ relation, how, where }: ManyPath, entity: About, place: WritingPlace): WrittenCondition {
  if (where === null)
    return {
      [relation]: presence(
        entity.relations.find(({ name }) => name === relation),
        how,
      ),
    }
  const inner = writtenCondition(where, targetOf(entity, relation, place.entities), { ...place, isFurtherIn: true })
  return { [relation]: { [how]: inner } }
}

/** Of one other row null says that there is none. */
function presence(relation: Relation | undefined, how: ManyPath['how']): unknown {
  if (relation?.kind !== 'hasOne') return { empty: how === 'none' }
  return how === 'none' ? null : { isNot: null }
}

function writtenFact(fact: Fact, place: WritingPlace): WrittenCondition {
  const inside: WritingPlace = { ...place, isFurtherIn: true }
  switch (fact.about) {
    case 'caller':
      return { actor: writtenCondition(fact.where, aboutEntity(place.caller ?? '', place.entities), inside) }
    case 'tenant': {
      const tenant = [...place.entities.values()].find(({ tenancy }) => tenancy === 'self')
      return { tenant: writtenCondition(fact.where, aboutEntity(tenant?.name ?? '', place.entities), inside) }
    }
    case 'role':
      return { actor: { role: fact.roles.length === 1 ? fact.roles[0] : { in: fact.roles } } }
    case 'claim':
      return { actor: { [fact.on]: factTest(fact.op, fact.to) } }
    case 'request':
      return {
        request: { [fact.on]: fact.on === 'signedInFor' ? writtenAge(fact.op, fact.to) : factTest(fact.op, fact.to) },
      }
    default:
      return unreachable(fact)
  }
}

function factTest(op: string, to: Operand): unknown {
  const isNetwork = op === 'inside' && to.kind === 'list' && to.values.length === 1
  const value = isNetwork ? to.values[0] : plainOperand(to)
  return op === 'is' ? value : { [op]: value }
}

/** What stands in a fact: values as they are, and moments. */
function plainOperand(to: Operand): unknown {
  if (to.kind === 'value') return to.value
  if (to.kind === 'list') return to.values
  return to.kind === 'now' ? writtenMoment(to.by) : null
}

function writtenMoment(by: Shift | null): unknown {
  return by === null ? declare('moment', { way: 'now', span: null }) : writtenShift(by)
}

/** `{ under: { minutes: 5 } }` of seconds. */
function writtenAge(op: string, to: Operand): unknown {
  const seconds = to.kind === 'value' ? Number(to.value) : 0
  const unit = (['days', 'hours'] as const).find((each) => seconds % secondsOf[each] === 0) ?? 'minutes'
  return { [op]: { [unit]: seconds / secondsOf[unit] } }
}

const secondsOf = { days: 86_400, hours: 3600, minutes: 60 } as const

/** `{ subject: null }`: none of the keys of a relation to one of several leads anywhere. */
function noTarget(all: readonly Condition[], entity: About): WrittenCondition | null {
  const [first] = all
  const group = first?.kind === 'compare' ? groupOf(entity, first.on) : null
  if (group === null || all.length !== group.targets.length) return null
  const isNone = all.every(
    (each, index) =>
      each.kind === 'compare' &&
      each.on === group.targets[index]!.relation &&
      each.op === 'is' &&
      each.to.kind === 'value' &&
      each.to.value === null,
  )
  return isNone ? { [group.name]: null } : null
}

/** `{ subject: { isNot: null } }` */
function someTarget(not: Condition, entity: About): WrittenCondition | null {
  const none = not.kind === 'and' ? noTarget(not.all, entity) : null
  return none === null ? null : { [Object.keys(none)[0]!]: { isNot: null } }
}

/** A condition on a related row; of a relation to one of several by the name of its target. */
function writtenPath({ relation, where }: Path, entity: About, place: WritingPlace): WrittenCondition {
  const group = groupOf(entity, relation)
  const target = group?.targets.find((each) => each.relation === relation)
  const inner = writtenCondition(where, targetOf(entity, relation, place.entities), { ...place, isFurtherIn: true })
  return group === null || target === undefined ? { [relation]: inner } : { [group.name]: { [target.to]: inner } }
}

/** `{ home: { city: … } }` for the part `home.city` of a value object. */
function nested(on: string, test: unknown): WrittenCondition {
  const [last, ...around] = on.split('.').toReversed()
  return around.reduce<WrittenCondition>((inner, name) => ({ [name]: inner }), { [last!]: test })
}

/** Keys side by side where each part is one key of its own, `allOf` otherwise: an `and` inside of an `and` stays one. */
function sideBySide(parts: readonly WrittenCondition[]): WrittenCondition {
  if (parts.some((part) => kindOf(part) !== null)) return { allOf: parts }
  const keys = parts.flatMap((part) => Object.keys(part))
  if (keys.length === parts.length && new Set(keys).size === keys.length) return Object.assign({}, ...parts)
  return { allOf: parts }
}

/** `{ total: { over: 1, under: 5 } }` for several tests of one field. */
function sameField(all: readonly Condition[], entity: About, place: WritingPlace): WrittenCondition | null {
  const tests = all.filter((each) => each.kind === 'compare')
  const ons = new Set(tests.map(({ on }) => on))
  const ops = new Set(tests.map(({ op }) => op))
  if (tests.length !== all.length || ons.size !== 1 || ops.size !== tests.length) return null
  const words = tests.map((test) => [test.op, operand(test, entity, place)])
  return nested(tests[0]!.on, Object.fromEntries(words))
}

/** An amount whose currency stands in another field is written as one value, and read as two comparisons. */
function amountOf(all: readonly Condition[], entity: About): WrittenCondition | null {
  const [currency, test] = all
  if (all.length !== 2 || currency?.kind !== 'compare' || test?.kind !== 'compare') return null
  const type = typeOf(entity, test.on)
  if (type?.kind !== 'money' || type.in !== currency.on || currency.op !== 'is') return null
  if (currency.to.kind !== 'value' || test.to.kind !== 'value' || typeof test.to.value !== 'string') return null
  const amount = declare('money', { currency: currency.to.value, amount: test.to.value })
  return nested(test.on, test.op === 'is' ? amount : { [test.op]: amount })
}

function writtenTest(test: Comparison, entity: About, place: WritingPlace): unknown {
  const value = operand(test, entity, place)
  const { op, to } = test
  // A test for null is written with its word only where it must be.
  const isPlain = op === 'is' || (op === 'in' && to.kind === 'actor')
  return isPlain ? value : { [op]: value }
}

function operand({ on, op, to }: Comparison, entity: About, place: WritingPlace): unknown {
  const type = typeOf(entity, on)
  switch (to.kind) {
    case 'value':
      if (type?.kind === 'period' && to.value !== null) return writtenSpan(type.of, op, String(to.value))
      return to.value === null ? null : writtenValue(type, to.value)
    case 'list':
      return to.values.map((value) => writtenValue(type, value))
    case 'actor':
      return declare('actorRef', { name: to.name })
    case 'row':
      return writtenReference(to, place)
    case 'was':
      return declare('wasRef', { name: to.name })
    case 'now':
      return writtenMoment(to.by)
    default:
      return unreachable(to)
  }
}

/** `row('customer.owner')`, or `its(…)` for the row at this level where that is another. */
function writtenReference({ name, way, of }: Extract<Operand, { readonly kind: 'row' }>, place: WritingPlace): unknown {
  const isIts = of === undefined && place.isFurtherIn === true
  return declare(isIts ? 'itsRef' : 'rowRef', { name: [...(way ?? []), name].join('.') })
}

/** A day or an instant; for `overlaps` the ends of the range. */
function writtenSpan(of: 'date' | 'datetime', op: Comparison['op'], value: string): unknown {
  if (op !== 'overlaps') return writtenValue({ kind: of }, value)
  const [, from = '', to = ''] = /^\["?([^",]*)"?,"?([^",]*)"?[\])]$/.exec(value) ?? []
  return { ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) }
}

/** Null for what is compared by id. */
function typeOf(entity: About, name: string): FieldType | null {
  const part = [...columnFields(entity), ...entity.computed].find((each) => each.name === name)
  return name === 'id' ? null : (part?.type ?? null)
}

/** What a condition is about. A name that leads nowhere is told when the condition is read again. */
export type About = Pick<Entity, 'name' | 'fields' | 'computed' | 'relations'>

/** The entity of that name, or one that has nothing. */
export function aboutEntity(name: string, entities: ReadonlyMap<string, Entity>): About {
  return entities.get(name) ?? { name, fields: [], computed: [], relations: [] }
}

function targetOf(entity: About, name: string, entities: ReadonlyMap<string, Entity>): About {
  const relation = entity.relations.find((each) => each.name === name)
  return aboutEntity(relation === undefined || !('to' in relation) ? '' : relation.to, entities)
}
