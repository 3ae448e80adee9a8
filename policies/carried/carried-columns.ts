import { fitIdentifier, snakeCase } from '#base'
import {
  type Condition,
  columnFields,
  type Entity,
  ruleCovers,
  carriedColumns as sameColumns,
  type ToOne,
  targetTenantColumn,
  tenantColumnOf,
  toOnesOf,
} from '#schema'
import { entityOf, type ModelIndex, rulesOf, toOneOf } from '../to-sql/model-index.ts'
import { conditionsOf } from '../to-sql/rule-match.ts'
import { rulePartsOf } from '../to-sql/rule-parts.ts'
import { bareRow, statementActor } from '../to-sql/scope.ts'
import { type EndTest, endTestsOf, splitPath } from './split-path.ts'
import { whyNotCarried } from './why-not-carried.ts'

/** A column that nobody writes: it holds what a path of to-ones leads to, and a foreign key holds it equal. */
export interface CarriedColumn {
  /** `order_customer_organization_id` */
  readonly column: string
  /** Names of the to-ones from the row to what the column holds, two at least. */
  readonly path: readonly string[]
  /** The first step: the relation whose row it is copied from. */
  readonly hop: ToOne
  /** Column of that row's table that it is copied from: that of a to-one, or carried itself. */
  readonly source: string
  /** The to-one at the end, and whose it is. */
  readonly end: ToOne
  /** Whether rules look for rows by it; else it is there for `same`, or for rows that carry it on. */
  readonly isSought: boolean
}

/** The carried columns of an entity's table, in the order in which their values can be had: each once, whoever wants it. */
export function carriedColumnsOf(entity: Entity, index: ModelIndex): readonly CarriedColumn[] {
  return [...(carriedIn(index).get(entity)?.values() ?? [])]
}

/** The column of an entity's table that holds what a path leads to; null where there is none. */
export function carriedColumnAt(entity: Entity, path: readonly string[], index: ModelIndex): string | null {
  if (path.length === 1) return toOneOf(entity, path[0]!).column
  return carriedIn(index).get(entity)?.get(keyOf(path))?.column ?? null
}

/** Names of the keys of a table that carried columns are held equal by: the column that each of them adds to the id. */
export function carriedSources(
  entity: Entity,
  index: ModelIndex,
): readonly { readonly path: readonly string[]; readonly column: string }[] {
  const found = new Map<string, readonly string[]>()
  for (const columns of carriedIn(index).values())
    for (const { hop, path, source } of columns.values()) if (hop.to === entity.name) found.set(source, path.slice(1))
  return [...found].map(([column, path]) => ({ column, path }))
}

/** Why a test at the end of a path is not told of the row where it begins, or null where it is. */
export function whyNotTold(entity: Entity, { path, end }: EndTest, index: ModelIndex) {
  const why = whyNotCarried(entity, path, { index, end })
  return why ?? (carriedColumnAt(entity, path, index) === null ? 'name' : null)
}

type Columns = ReadonlyMap<Entity, ReadonlyMap<string, CarriedColumn>>
type Growing = Map<Entity, Map<string, CarriedColumn>>

const known = new WeakMap<ModelIndex, Columns>()

/** All of a model, found once. */
function carriedIn(index: ModelIndex): Columns {
  const there = known.get(index)
  if (there !== undefined) return there
  const columns: Growing = new Map()
  for (const entity of index.model.entities) addSame(entity, columns, index)
  for (const entity of index.model.entities)
    for (const test of soughtTests(entity, index)) addPath(entity, test.path, columns, index)
  known.set(index, columns)
  return columns
}

function addSame(entity: Entity, columns: Growing, index: ModelIndex): void {
  for (const { column, hop, end } of sameColumns(entity)) {
    const relation = toOneOf(entityOf(index, hop.to), end)
    const path = [hop.name, end]
    put(entity, { column, path, hop, source: relation.column, end: relation, isSought: false }, columns)
  }
}

/** What policies could tell of an entity's own rows, if they held it. */
function soughtTests(entity: Entity, index: ModelIndex): readonly EndTest[] {
  return policyConditionsOf(entity, index)
    .flatMap((condition) => outermostPaths(condition))
    .flatMap((path) => {
      const target = entityOf(index, toOneOf(entity, path.relation).to)
      const holds = (test: EndTest) => whyNotCarried(entity, test.path, { index, end: test.end }) === null
      const { told } = splitPath(path.where, [path.relation], target, { index, holds })
      return told === null ? [] : endTestsOf(told)
    })
}

/** Conditions of the rules that become policies of the entity's table, with those that `may` stands for. */
function policyConditionsOf(entity: Entity, index: ModelIndex): readonly Condition[] {
  const scope = { index, entity, row: bareRow, actor: statementActor, related: 'set', depth: 0 } as const
  return rulesOf(index, entity)
    .filter((rule) => ruleCovers(entity, rule, 'read', 'create', 'update', 'delete'))
    .flatMap((rule) => rulePartsOf(rule, scope))
    .flatMap((part) => conditionsOf(part.rule))
}

/** Paths of a condition that begin at the row itself, in order. */
export function outermostPaths(condition: Condition): readonly Extract<Condition, { kind: 'path' }>[] {
  switch (condition.kind) {
    case 'and':
      return condition.all.flatMap(outermostPaths)
    case 'or':
      return condition.any.flatMap(outermostPaths)
    case 'not':
      return outermostPaths(condition.not)
    case 'path':
      return [condition]
    case 'compare':
    case 'many':
    case 'may':
    case 'fact':
      return []
  }
}

/** A column for the path, and for what is left of it after each step; none at all where one finds its name taken. */
function addPath(entity: Entity, path: readonly string[], columns: Growing, index: ModelIndex): void {
  const steps = path.slice(0, -1).map((_, at) => {
    const holder = holderAt(entity, path.slice(0, at), index)
    return { holder, path: path.slice(at), column: columnName(path.slice(at)) }
  })
  const isTaken = steps.some(
    (step) =>
      !columns.get(step.holder)?.has(keyOf(step.path)) && takenNames(step.holder, columns, index).has(step.column),
  )
  if (isTaken) return
  // From the far end: what is carried on must be there.
  for (const step of steps.toReversed()) {
    const there = columns.get(step.holder)?.get(keyOf(step.path))
    const isSought = there?.isSought === true || step.holder === entity
    if (there !== undefined) {
      put(step.holder, { ...there, isSought }, columns)
      continue
    }
    const hop = toOneOf(step.holder, step.path[0]!)
    const rest = step.path.slice(1)
    const next = entityOf(index, hop.to)
    const end = toOneOf(holderAt(next, rest.slice(0, -1), index), rest.at(-1)!)
    const source = rest.length === 1 ? end.column : columns.get(next)!.get(keyOf(rest))!.column
    put(step.holder, { column: step.column, path: step.path, hop, source, end, isSought }, columns)
  }
}

function put(entity: Entity, column: CarriedColumn, columns: Growing): void {
  const own = columns.get(entity) ?? new Map<string, CarriedColumn>()
  own.set(keyOf(column.path), column)
  columns.set(entity, own)
}

/** The entity that to-ones lead to. */
function holderAt(entity: Entity, path: readonly string[], index: ModelIndex): Entity {
  return path.reduce((each, name) => entityOf(index, toOneOf(each, name).to), entity)
}

function columnName(path: readonly string[]): string {
  return fitIdentifier(`${path.map(snakeCase).join('_')}_id`)
}

function takenNames(entity: Entity, columns: Growing, index: ModelIndex): ReadonlySet<string> {
  const links = toOnesOf(entity).flatMap((each) => [
    each.column,
    each.position,
    targetTenantColumn(each, index.entities),
  ])
  const carried = [...(columns.get(entity)?.values() ?? [])].map(({ column }) => column)
  const fields = columnFields(entity).map(({ column }) => column)
  return new Set([...fields, ...links, ...carried, tenantColumnOf(entity)].filter((each) => each !== null))
}

function keyOf(path: readonly string[]): string {
  return path.join('.')
}
