import { canonicalHash, fitIdentifier, type Sql, snakeCase, sql } from '#base'
import { type Computed, conditionLeavesRow, type Entity, type Expression, partsOf, storedColumn } from '#schema'
import { computedToSql } from './expression-to-sql.ts'
import type { ModelIndex } from './model-index.ts'
import { valueType } from './postgres-type.ts'
import { typeOfColumn } from './row-set-to-sql.ts'
import { type CompileCondition, type Scope, statementActor } from './scope.ts'

/** The definer function behind a computed field that looks at other rows. */
export interface ComputedFunction {
  readonly name: string
  /** Columns of the row that the formula reads, in the order of the arguments. */
  readonly columns: readonly { readonly column: string; readonly type: string }[]
  readonly returns: string
  readonly body: Sql
}

/** True when a formula looks at other rows than its own; a stored one is a column like any other. */
export function leavesRow(computed: Computed, entity: Entity): boolean {
  return !computed.stored && expressionLeavesRow(computed.expression, entity, [])
}

function expressionLeavesRow(expression: Expression, entity: Entity, way: readonly string[]): boolean {
  if (expression.kind === 'list') return true
  if (expression.kind === 'field') {
    if (entity.relations.some(({ name }) => name === expression.path[0])) return true
    const read = entity.computed.find(({ name }) => name === expression.path[0])
    if (read === undefined || read.stored || way.includes(read.name)) return false
    return expressionLeavesRow(read.expression, entity, [...way, read.name])
  }
  const { expressions, conditions } = partsOf(expression)
  return (
    expressions.some((each) => expressionLeavesRow(each.expression, entity, way)) ||
    conditions.some(({ where }) => conditionLeavesRow(where) || readsFar(where, entity, way))
  )
}

/** Conditions may read computed fields that look at other rows. */
function readsFar(where: unknown, entity: Entity, way: readonly string[]): boolean {
  const text = JSON.stringify(where)
  return entity.computed.some(
    (each) =>
      !each.stored &&
      !way.includes(each.name) &&
      text.includes(JSON.stringify(each.name)) &&
      expressionLeavesRow(each.expression, entity, [...way, each.name]),
  )
}

/** Name of the function behind a computed field, in schema `rowhouse_private`. */
function computedFunctionName(entity: Entity, computed: Computed): string {
  const hash = canonicalHash({ entity: entity.name, computed: computed.name }).slice(0, 8)
  return fitIdentifier(`computed_${entity.table}_${snakeCase(computed.name)}_${hash}`)
}

/**
 * The function that computes a field from the columns of its own row, to be run as `:PRIVATE`. It is given the columns and does
 * not look its row up, so it also knows rows that are only being made or changed: lists are those that are stored.
 */
export function computedFunction(
  computed: Computed,
  { entity, index }: { readonly entity: Entity; readonly index: ModelIndex },
  test: CompileCondition,
): ComputedFunction {
  const columns: string[] = []
  const row = {
    column(name: string) {
      if (!columns.includes(name)) columns.push(name)
      return sql.raw(`$${columns.indexOf(name) + 1}`)
    },
  }
  const scope: Scope = { index, entity, row, actor: statementActor, related: 'inline', depth: 0 }
  const body = sql`select ${computedToSql(computed, scope, test)}`
  return {
    name: computedFunctionName(entity, computed),
    columns: columns.map((column) => ({ column, type: typeOfColumn(entity, column, index) })),
    returns: valueType(computed.type),
    body,
  }
}

/** A computed field of a row: its column where it is stored, a call where it looks at other rows and the caller's rights must not matter, else the formula itself. */
export function computedValue(computed: Computed, scope: Scope, test: CompileCondition): Sql {
  if (computed.stored) return scope.row.column(storedColumn(computed))
  if (scope.related === 'inline' || !leavesRow(computed, scope.entity)) return computedToSql(computed, scope, test)
  const { name, columns } = computedFunction(computed, scope, test)
  const args = columns.map(({ column }) => scope.row.column(column))
  return sql`${sql.identifier('rowhouse_private', name)}(${args.length === 0 ? sql.empty : sql.join(args, ', ')})`
}
