import { Bug, unreachable } from '#base'
import { groupOf } from '../complete/one-of.ts'
import { declare } from '../dsl/declare.ts'
import { columnFields } from '../model/column-fields.ts'
import type { Comparison, Condition, Operand, Path } from '../model/condition.ts'
import type { Entity, FieldType } from '../model/model.ts'
import { writtenValue } from './written-value.ts'

/** A condition as an author would write it: reading it gives the same condition. */
export type WrittenCondition = Readonly<Record<string, unknown>>

/** The written form of a condition on a row of an entity. */
export function writtenCondition(
  condition: Condition,
  entity: About,
  entities: ReadonlyMap<string, Entity>,
): WrittenCondition {
  const write = (inner: Condition): WrittenCondition => writtenCondition(inner, entity, entities)
  switch (condition.kind) {
    case 'and':
      return (
        noTarget(condition.all, entity) ??
        amountOf(condition.all, entity) ??
        sameField(condition.all, entity) ??
        sideBySide(condition.all.map(write))
      )
    case 'or':
      return { anyOf: condition.any.map(write) }
    case 'not':
      return someTarget(condition.not, entity) ?? { not: write(condition.not) }
    case 'compare':
      return nested(condition.on, writtenTest(condition, entity))
    case 'path':
      return writtenPath(condition, entity, entities)
    case 'many':
    case 'may':
    case 'fact':
      throw new Bug(`"${condition.kind}" is not written yet.`)
    default:
      return unreachable(condition)
  }
}

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
function writtenPath(
  { relation, where }: Path,
  entity: About,
  entities: ReadonlyMap<string, Entity>,
): WrittenCondition {
  const group = groupOf(entity, relation)
  const target = group?.targets.find((each) => each.relation === relation)
  const inner = writtenCondition(where, targetOf(entity, relation, entities), entities)
  return group === null || target === undefined ? { [relation]: inner } : { [group.name]: { [target.to]: inner } }
}

/** `{ home: { city: … } }` for the part `home.city` of a value object. */
function nested(on: string, test: unknown): WrittenCondition {
  const [last, ...around] = on.split('.').toReversed()
  return around.reduce<WrittenCondition>((inner, name) => ({ [name]: inner }), { [last!]: test })
}

/** Keys side by side where each part is one key of its own, `allOf` otherwise: an `and` inside of an `and` stays one. */
function sideBySide(parts: readonly WrittenCondition[]): WrittenCondition {
  const keys = parts.flatMap((part) => Object.keys(part))
  if (keys.length === parts.length && new Set(keys).size === keys.length) return Object.assign({}, ...parts)
  return { allOf: parts }
}

/** `{ total: { over: 1, under: 5 } }` for several tests of one field. */
function sameField(all: readonly Condition[], entity: About): WrittenCondition | null {
  const tests = all.filter((each) => each.kind === 'compare')
  const ons = new Set(tests.map(({ on }) => on))
  const ops = new Set(tests.map(({ op }) => op))
  if (tests.length !== all.length || ons.size !== 1 || ops.size !== tests.length) return null
  const words = tests.map((test) => [test.op, operand(test, test.to, entity)])
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

function writtenTest(test: Comparison, entity: About): unknown {
  const value = operand(test, test.to, entity)
  const { op, to } = test
  // A test for null is written with its word only where it must be.
  const isPlain = op === 'is' || (op === 'in' && to.kind === 'actor')
  return isPlain ? value : { [op]: value }
}

function operand({ on, op }: Comparison, to: Operand, entity: About): unknown {
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
      return declare('rowRef', { name: to.name })
    case 'was':
    case 'now':
      throw new Bug(`"${to.kind}" is not written yet.`)
    default:
      return unreachable(to)
  }
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
