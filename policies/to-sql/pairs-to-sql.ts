import { Bug, type Sql, sql } from '#base'
import type { Comparison, Condition, Entity, HeldColumn, ManyPath, Path } from '#schema'
import { allOf } from './all-of.ts'
import { lineageOf } from './lineage-to-sql.ts'
import { liveSql } from './live-row.ts'
import { loweredMany } from './lowered-many.ts'
import { columnOf, entityOf, idColumnOf, type ModelIndex, tableSql, toOneOf } from './model-index.ts'
import { heldType, valueType } from './postgres-type.ts'
import { readsRuleRow } from './reads-rule-row.ts'
import { type PairSet, setName } from './related-set.ts'
import { type CompileCondition, namedRow, type RowReference, type Scope, statementActor } from './scope.ts'

/**
 * Related rows that are held equal to columns of the row itself: `(id, owner_id) in (select …)`, a set of tuples that is made once per
 * statement and hashed. Null where that does not say it: another comparison than equality, or one beneath `not`, `or`, `none` or `every`.
 */
export function pairsToSql(condition: Path | ManyPath, scope: Scope): Sql | null {
  const steps = stepsOf(condition, scope.entity, { own: scope.entity, index: scope.index })
  if (steps === null) return null
  const [first] = steps
  const set = { kind: 'pairs', entity: scope.entity, condition } as const
  scope.ask?.(set)
  const link = scope.row.column(first!.outer)
  const theirs = steps.flatMap(({ equal }) =>
    equal.map(({ to }) => scope.row.column(columnOf(scope.entity, to, scope.index).column)),
  )
  const made = sql.identifier('rowhouse_private', setName(set))
  return sql`(${sql.join([link, ...theirs], ', ')}) in (select * from ${made}())`
}

/** What the function behind it gives, to be run as `:PRIVATE`. */
export interface PairsQuery {
  /** Of the columns, in order. */
  readonly types: readonly string[]
  readonly body: Sql
}

/** The tuples of a set: the key that the row holds or is held by, then the values that must equal its own. */
export function pairsQuery({ entity, condition }: PairSet, index: ModelIndex, test: CompileCondition): PairsQuery {
  const steps = stepsOf(condition, entity, { own: entity, index })
  if (steps === null) throw new Bug(`A rule of "${entity.name}" is no set of pairs.`)
  const rows = steps.map((_, at) => namedRow(`t${at}`))
  const key = { sql: rows[0]!.column(steps[0]!.inner.column), held: steps[0]!.inner }
  const values = steps.flatMap((step, at) =>
    step.equal.map(({ on }) => {
      const held = columnOf(step.entity, on, index)
      return { sql: rows[at]!.column(held.column), held }
    }),
  )
  const from = steps.map((step, at) => sql`${tableSql(step.entity)} ${sql.raw(`t${at}`)}`)
  const tests = steps.flatMap((step, at) => [
    ...(at === 0 ? [] : [sql`${rows[at]!.column(step.inner.column)} = ${rows[at - 1]!.column(step.outer)}`]),
    liveSql(step.entity, rows[at]!, index),
    ...step.rest.map((each) => restToSql(each, { step, row: rows[at]!, depth: steps.length, index, test })),
  ])
  const columns = [key, ...values]
  return {
    types: columns.map(({ held }) => heldType(held).replace(/\(.*?\)/, '')),
    body: sql`select distinct ${sql.join(
      columns.map((each) => each.sql),
      ', ',
    )} from ${sql.join(from, ', ')} where ${allOf(tests)}`,
  }
}

interface Equality {
  /** Name on the related row. */
  readonly on: string
  /** Name on the row that the rule is about. */
  readonly to: string
}

/** A relation that is followed. */
interface Step {
  readonly entity: Entity
  /** Column of the row before. */
  readonly outer: string
  /** Column of the related row that equals it. */
  readonly inner: HeldColumn
  readonly equal: readonly Equality[]
  readonly rest: readonly Condition[]
}

interface Within {
  /** Entity of the row that the rule is about. */
  readonly own: Entity
  readonly index: ModelIndex
}

function stepsOf(condition: Condition, entity: Entity, within: Within): readonly Step[] | null {
  const way = wayOf(condition, entity, within.index)
  if (way === null) return null
  const { where, ...step } = way
  const parts = flat(where)
  const equal = parts.flatMap((part) => equalityOf(part, step.entity, within) ?? [])
  const others = parts.filter((part) => equalityOf(part, step.entity, within) === null)
  const further = others.filter(readsRuleRow)
  const rest = others.filter((part) => !readsRuleRow(part))
  if (further.length > 1) return null
  const [next] = further
  const steps = next === undefined ? [] : stepsOf(next, step.entity, within)
  return steps === null ? null : [{ ...step, equal, rest }, ...steps]
}

function wayOf(condition: Condition, entity: Entity, index: ModelIndex) {
  if (condition.kind === 'path') {
    const relation = toOneOf(entity, condition.relation)
    const target = entityOf(index, relation.to)
    return { entity: target, outer: relation.column, inner: idColumnOf(target, index), where: condition.where }
  }
  if (condition.kind !== 'many' || lineageOf(entity, condition.relation) !== null) return null
  const lowered = loweredMany(condition, entity, index)
  if (lowered === null || !lowered.some) return null
  const inner = columnOf(lowered.entity, lowered.by, index)
  return { entity: lowered.entity, outer: idColumnOf(entity, index).column, inner, where: lowered.where }
}

function flat(condition: Condition): readonly Condition[] {
  return condition.kind === 'and' ? condition.all.flatMap(flat) : [condition]
}

/** Equality of two plain columns of one type; anything else is compared for each row. */
function equalityOf(condition: Condition, entity: Entity, { own, index }: Within): Equality | null {
  if (condition.kind !== 'compare' || condition.op !== 'is') return null
  const { on, to }: Comparison = condition
  if (to.kind !== 'row' || to.of !== 'rule' || (to.way ?? []).length > 0) return null
  const [theirs, ours] = [plainColumn(on, entity, index), plainColumn(to.name, own, index)]
  if (theirs === null || ours === null || valueType(theirs.type) !== valueType(ours.type)) return null
  return { on, to: to.name }
}

function plainColumn(name: string, entity: Entity, index: ModelIndex): HeldColumn | null {
  if (entity.computed.some((each) => each.name === name)) return null
  const held = columnOf(entity, name, index)
  return held.columnType === null ? held : null
}

interface Rest {
  readonly step: Step
  readonly row: RowReference
  readonly depth: number
  readonly index: ModelIndex
  readonly test: CompileCondition
}

function restToSql(condition: Condition, { step, row, depth, index, test }: Rest): Sql {
  const inner: Scope = { index, entity: step.entity, row, actor: statementActor, related: 'inline', depth }
  const made = test(condition, inner)
  return condition.kind === 'or' ? sql`(${made})` : made
}
