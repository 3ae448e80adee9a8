import { fitIdentifier, type Sql, snakeCase, sql } from '#base'
import type { Condition, Entity, FieldType } from '#schema'
import type { ModelIndex } from './model-index.ts'
import { valueType } from './postgres-type.ts'

/** Where the columns of the row that a condition is about are found. */
export interface RowReference {
  column(name: string): Sql
}

/**
 * Where the caller is found. Row security reads the transaction's claims; another source can read the columns of a set of
 * subscribers, so that many callers are decided in one statement.
 */
export interface ActorSource {
  /** The caller's id, or null. */
  id(): Sql
  /** A claim as its type, or null. */
  claim(name: string, type: FieldType): Sql
  /** True when the caller has that claim. */
  hasClaim(name: string): Sql
  /** Array of the ids that a reach set holds. */
  reach(name: string): Sql
}

/** What a condition is compiled for. */
export interface Scope {
  readonly index: ModelIndex
  readonly entity: Entity
  readonly row: RowReference
  readonly actor: ActorSource
  /**
   * How related rows are looked up: `set` asks a private function for all ids that qualify, once per statement (policies);
   * `inline` looks up the one row (code that runs as `:PRIVATE` already, one row at a time).
   */
  readonly related: 'set' | 'inline'
  /** How many sub-selects stand around; numbers their aliases. */
  readonly depth: number
}

/** Compiles a condition. Handed to what compiles formulas: conditions read formulas, and formulas conditions. */
export type CompileCondition = (condition: Condition, scope: Scope) => Sql

/** Columns as a policy names them. */
export const bareRow: RowReference = { column: (name) => sql.identifier(name) }

/** Columns of an alias or a record variable that this repository named: `old`, `new`, `t0`. */
export function namedRow(name: string): RowReference {
  return { column: (column) => sql`${sql.raw(name)}.${sql.identifier(column)}` }
}

/** Array of the ids that a reach set holds, for the caller of the transaction. */
function reachArray(name: string): Sql {
  return sql`array(select ${sql.identifier('rowhouse_private', reachName(name))}())`
}

/** Name of the function behind a reach set, in schema `rowhouse_private`. */
export function reachName(name: string): string {
  return fitIdentifier(`reach_${snakeCase(name)}`)
}

/** The claims of the transaction, each in a sub-select, so that Postgres evaluates it once per statement. */
export const statementActor: ActorSource = {
  id: () => sql`(select rowhouse.actor_id())`,
  claim: (name, type) => sql`(select ${typedClaim(name, type)})`,
  hasClaim: (name) => sql`(select ${claimText(name)}) is not null`,
  reach: reachArray,
}

/** The claims of the transaction as plain calls, for triggers and verbs, which look at one row at a time. */
export const rowActor: ActorSource = {
  id: () => sql`rowhouse.actor_id()`,
  claim: (name, type) => typedClaim(name, type),
  hasClaim: (name) => sql`${claimText(name)} is not null`,
  reach: reachArray,
}

function claimText(name: string): Sql {
  return sql`rowhouse.claim(${sql.literal(snakeCase(name))})`
}

function typedClaim(name: string, type: FieldType): Sql {
  // Claims carry money in whole units.
  if (type.kind === 'money' && type.minor) {
    return sql`(${claimText(name)}::numeric * ${sql.literal(10 ** type.scale)})`
  }
  const wanted = valueType(type)
  return wanted === 'text' ? claimText(name) : sql`${claimText(name)}::${sql.raw(wanted)}`
}
