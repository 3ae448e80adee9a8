import { type Sql, sql } from '#base'
import {
  type Condition,
  columnFields,
  type Entity,
  isZoneless,
  storedColumn,
  storedOf,
  tenantColumnOf,
  toOnesOf,
} from '#schema'
import { columnOf, type ModelIndex } from './model-index.ts'
import { operandType, valueType } from './postgres-type.ts'
import { type RowSet, setName } from './related-set.ts'
import { type CompileCondition, type RowReference, type Scope, statementActor } from './scope.ts'

/** A condition that holds other rows against this one, asked of a private function with the row's columns: once for each row. */
export function rowSetToSql(condition: Condition, scope: Scope, test: CompileCondition): Sql {
  const set = { kind: 'row', entity: scope.entity, condition } as const
  scope.ask?.(set)
  const columns = rowSetQuery(set, scope.index, test).columns.map(({ column }) => scope.row.column(column))
  const args = columns.length === 0 ? sql.empty : sql.join(columns, ', ')
  return sql`${sql.identifier('rowhouse_private', setName(set))}(${args})`
}

/** The function behind it. */
export interface RowSetQuery {
  /** Columns of the row that the condition reads, in the order of the arguments. */
  readonly columns: readonly { readonly column: string; readonly type: string }[]
  readonly body: Sql
}

/** What the function is made of; to be run as `:PRIVATE`. */
export function rowSetQuery({ entity, condition }: RowSet, index: ModelIndex, test: CompileCondition): RowSetQuery {
  const columns: string[] = []
  const row: RowReference = {
    column(name) {
      if (!columns.includes(name)) columns.push(name)
      return sql.raw(`$${columns.indexOf(name) + 1}`)
    },
  }
  const scope: Scope = { index, entity, row, actor: statementActor, related: 'inline', depth: 0 }
  const body = sql`select (${test(condition, scope)}) is true`
  return { columns: columns.map((column) => ({ column, type: typeOfColumn(entity, column, index) })), body }
}

/** Type of an argument that takes the values of a column. */
export function typeOfColumn(entity: Entity, column: string, index: ModelIndex): string {
  if (column === tenantColumnOf(entity)) return 'uuid'
  const field = columnFields(entity).find((each) => each.column === column)
  if (field !== undefined) return isZoneless(field) ? operandType(field) : valueType(field.type)
  const kept = storedOf(entity).find((each) => storedColumn(each) === column)
  if (kept !== undefined) return valueType(kept.type)
  const relation = toOnesOf(entity).find((each) => each.column === column)
  return valueType(relation === undefined ? { kind: 'uuid' } : columnOf(entity, relation.name, index).type)
}
