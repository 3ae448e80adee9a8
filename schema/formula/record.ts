import { didYouMean } from '#base'
import { callSite } from '../dsl/call-site.ts'
import { type CallSite, declared, kindOf } from '../dsl/declaration.ts'
import {
  express,
  FormulaStop,
  isConversion,
  note,
  type RecordedExpression,
  recording,
  refuse,
} from '../dsl/expression.ts'
import { isEmbed, membersOf } from '../model/column-fields.ts'
import type { Entity, Field, Relation } from '../model/model.ts'

/** The row that a function of the author's is about: the formula's own, or one of a list. */
export interface RowRoot {
  readonly entity: Entity
  /** Set on a row of a list: the way to the list and its way back, which is null for a list through rows in between. */
  readonly list: { readonly from: RowHandle; readonly relation: string; readonly by: string | null } | null
}

/** A row that a formula has in its hands: a root, or what to-one relations lead to from there. */
export interface RowHandle {
  readonly root: RowRoot
  readonly path: readonly string[]
  readonly entity: Entity
}

/** What a formula did: its result, and everything that it made or read and did not use. */
export interface Recording {
  readonly result: unknown
  readonly unused: readonly { readonly made: object; readonly at: CallSite | null; readonly hint: string | null }[]
  readonly stops: readonly FormulaStop[]
  /** What the author's function threw of its own. */
  readonly failure: unknown
}

/** Entities by name, as completed so far. */
export type EntityMap = ReadonlyMap<string, Entity>

const handles = new WeakMap<object, RowHandle>()

/** What to read of a value object or a period, which is no value by itself. */
const partHints = new WeakMap<object, string>()

/** The row that stands behind what an author's function was given. */
export function handleOf(row: unknown): RowHandle | null {
  return typeof row === 'object' && row !== null ? (handles.get(row) ?? null) : null
}

/** True for an expression. */
export function isExpression(value: unknown): value is RecordedExpression {
  return kindOf(value) === 'expression'
}

/** Runs an author's function on a row of the root and takes note of all that it makes and reads. */
export function record(root: RowRoot, entities: EntityMap, run: (row: unknown) => unknown): Recording {
  const noted = new Map<object, CallSite | null>()
  const used = new Set<object>()
  const stops: FormulaStop[] = []
  const world: World = { entities, used }
  let result: unknown
  let failure: unknown
  const recorder = {
    note: (made: object, at: CallSite | null) => void noted.set(made, at),
    stop: (stop: FormulaStop) => void stops.push(stop),
  }
  try {
    result = recording(recorder, () => run(rowOf({ root, path: [], entity: root.entity }, world)))
  } catch (error) {
    if (!(error instanceof FormulaStop)) failure = error ?? new Error('Something was thrown.')
  }
  markUsed(result, used)
  const lost = [...noted.keys()].filter((made) => !used.has(made))
  // What is part of something lost is told with it.
  for (const made of lost) for (const each of isExpression(made) ? made.args : []) markUsed(each, used)
  const unused = lost
    .filter((made) => !used.has(made))
    .map((made) => ({
      made,
      at: noted.get(made) ?? null,
      hint: partHints.get(made) ?? null,
    }))
  return { result, unused, stops, failure }
}

interface World {
  readonly entities: EntityMap
  readonly used: Set<object>
}

function markUsed(value: unknown, used: Set<object>): void {
  if (!isExpression(value) || used.has(value)) return
  used.add(value)
  for (const each of value.args) markUsed(each, used)
}

/** What the author's function sees of a row. */
function rowOf(handle: RowHandle, world: World): object {
  const row: object = new Proxy(Object.freeze({}), {
    get(_target, key) {
      // Asked by ourselves: neither is a declaration.
      if (key === declared) return undefined
      world.used.add(row)
      if (typeof key === 'symbol' || isConversion(key)) return refuse('A row')
      return memberOf(handle, key, world)
    },
    // `key in row` and spreads would see nothing.
    has: () => refuse('A row'),
    ownKeys: () => refuse('A row'),
  })
  handles.set(row, handle)
  return row
}

function memberOf(handle: RowHandle, key: string, world: World): unknown {
  const { entity } = handle
  const field = entity.fields.find(({ name }) => name === key)
  if (field !== undefined && (isEmbed(field) || field.type.kind === 'period'))
    return noted(partsIn(field, handle, world))
  if (key === 'id' || [...entity.fields, ...entity.computed].some(({ name }) => name === key))
    return express('field', [], { handle, name: key })
  const relation = entity.relations.find(({ name }) => name === key)
  const target = relation === undefined || relation.kind === 'oneOf' ? undefined : world.entities.get(relation.to)
  if (relation?.kind === 'oneOf') throw severalTargets(relation)
  if (relation?.kind === 'lineage') throw alongTree(relation)
  if (relation === undefined || target === undefined) throw unknownName(key, entity)
  const made =
    relation.kind === 'one' || relation.kind === 'hasOne'
      ? rowOf({ root: handle.root, path: [...handle.path, key], entity: target }, world)
      : listOf(handle, relation, target, world)
  note(made, callSite())
  return made
}

/** Tells the recorder of a thing that must be gone further into. */
function noted<T extends object>(made: T): T {
  note(made, callSite())
  return made
}

/** What the author's function sees of a value object, or of a period with its two ends. */
function partsIn(field: Field, handle: RowHandle, world: World): object {
  const members = isEmbed(field) ? membersOf(field) : []
  const names = isEmbed(field) ? members.map(({ name }) => name.slice(field.name.length + 1)) : ['from', 'to']
  const object: object = new Proxy(Object.freeze({}), {
    get(_target, key) {
      if (key === declared) return undefined
      world.used.add(object)
      if (typeof key === 'symbol' || isConversion(key)) return refuse('A value object')
      if (!names.includes(key)) throw unknownPart(key, field, names)
      const member = members.find(({ name }) => name === `${field.name}.${key}`)
      if (member !== undefined && (isEmbed(member) || member.type.kind === 'period'))
        return noted(partsIn(member, handle, world))
      return express('field', [], { handle, name: `${field.name}.${key}` })
    },
    has: () => refuse('A value object'),
    ownKeys: () => refuse('A value object'),
  })
  const ways = names.map((name) => `${field.name}.${name}`).join(', ')
  partHints.set(object, `It is no single value. Read its parts: ${ways}.`)
  return object
}

function unknownPart(key: string, { name }: Field, names: readonly string[]): FormulaStop {
  const near = didYouMean(key, names)
  const hint = near === null ? `It has ${names.map((each) => `"${each}"`).join(', ')}.` : `Did you mean "${near}"?`
  return new FormulaStop('FORMULA_NAME_UNKNOWN', `"${name}" has no "${key}".`, callSite(), hint)
}

/** Rows of several entities have nothing in common that a formula could read; each has a way of its own. */
function severalTargets({ name, targets }: Extract<Relation, { readonly kind: 'oneOf' }>): FormulaStop {
  const message = `Formulas cannot follow "${name}": it leads to ${targets.map(({ to }) => to).join(' or ')}.`
  const ways = targets.map(({ relation }) => `row.${relation}`)
  const hint = `Go the way of one target, each null where the row leads to another: ${ways.join(', ')}.`
  return new FormulaStop('FORMULA_NAME_UNKNOWN', message, callSite(), hint)
}

/** How many rows lie above or below changes when any of them is moved: no row could be told that its formula has another value. */
function alongTree({ name, by }: Extract<Relation, { readonly kind: 'lineage' }>): FormulaStop {
  const message = `Formulas cannot follow "${name}": it leads up or down a tree, any number of steps.`
  return new FormulaStop('FORMULA_NAME_UNKNOWN', message, callSite(), `Follow "${by}", one step up.`)
}

function unknownName(key: string, entity: Entity): FormulaStop {
  const names = [...entity.fields, ...entity.computed, ...entity.relations].map(({ name }) => name)
  const near = didYouMean(key, names)
  const hint = near === null ? `It has ${names.map((name) => `"${name}"`).join(', ')}.` : `Did you mean "${near}"?`
  return new FormulaStop('FORMULA_NAME_UNKNOWN', `"${entity.name}" has no "${key}".`, callSite(), hint)
}

const withValue = ['sum', 'average', 'min', 'max', 'first', 'countDistinct', 'join']
const withoutValue = ['count', 'exists']

/** What the author's function sees of a to-many relation. */
function listOf(from: RowHandle, relation: Relation, target: Entity, world: World): object {
  const by = relation.kind === 'many' ? relation.by : null
  const root: RowRoot = { entity: target, list: { from, relation: relation.name, by } }
  const list: object = new Proxy(Object.freeze({}), {
    get(_target, key) {
      if (key === declared) return undefined
      world.used.add(list)
      if (typeof key === 'symbol' || isConversion(key)) return refuse('A list')
      const takesValue = withValue.includes(key)
      if (!takesValue && !withoutValue.includes(key)) throw unknownFunction(key)
      return (...given: readonly unknown[]) => {
        const run = takesValue ? (given[0] as (row: unknown) => unknown) : null
        const value = run === null ? null : run(rowOf({ root, path: [], entity: target }, world))
        const options = optionsOf(key, takesValue ? given.slice(1) : given)
        return express('list', [value], { root, name: key, ...options })
      }
    },
  })
  return list
}

function optionsOf(name: string, rest: readonly unknown[]): Readonly<Record<string, unknown>> {
  if (name === 'join') return { separator: rest[0], where: rest[1] }
  if (name !== 'first') return { where: rest[0] }
  const { sort, where } = (rest[0] ?? {}) as { readonly sort?: unknown; readonly where?: unknown }
  return { sort, where }
}

function unknownFunction(key: string): FormulaStop {
  const names = [...withValue, ...withoutValue]
  const near = didYouMean(key, names)
  const hint = near === null ? `Lists have ${names.join(', ')}.` : `Did you mean "${near}"?`
  return new FormulaStop('FORMULA_NAME_UNKNOWN', `Lists have no "${key}".`, callSite(), hint)
}
