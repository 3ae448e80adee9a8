import { heldType, type ModelIndex, privateRole, type RolePlaceholder } from '#policies'
import { type Entity, keyColumnsOf } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'

/** What differs between the functions that decide rules. */
export interface PrivateFunction {
  readonly name: string
  /** What identifies a row, when the function is about one. */
  readonly row?: readonly RowArgument[]
  /** Behind the row, and null where a call leaves it out. */
  readonly option?: FunctionOption
  /** Several of them, in order. */
  readonly options?: readonly FunctionOption[]
  /** Types of unnamed arguments, instead of a row. */
  readonly takes?: readonly string[]
  readonly returns: string
  readonly body: string
  readonly language: 'sql' | 'plpgsql'
  readonly volatility: 'stable' | 'volatile'
  readonly rows?: number
  /** Its statements look rows up by keys: whatever these are, one plan serves, and making another costs more than it saves. */
  readonly isPlannedOnce?: true
  readonly execute: readonly RolePlaceholder[]
  readonly comment: string
}

/** An argument that a call may leave out. */
export interface FunctionOption {
  readonly name: string
  readonly type: string
}

/** A part of a row's key as an argument: `row_id uuid`. */
export interface RowArgument {
  readonly name: string
  /** Without length: functions keep none. */
  readonly type: string
  /** Column of the table that it is compared with. */
  readonly column: string
}

/** What tells a function which row is meant: `row_id`, or `row_1`, `row_2`, … where a key has several columns. */
export function rowArguments(entity: Entity, index: ModelIndex): readonly RowArgument[] {
  const columns = keyColumnsOf(entity, index.entities)
  return columns.map((held, at) => ({
    name: columns.length === 1 ? 'row_id' : `row_${at + 1}`,
    type: heldType(held).replace(/\(.*?\)/, ''),
    column: held.column,
  }))
}

/** A definer function in `rowhouse_private`: SQL is bound to its tables when it is made, plpgsql looks nowhere by itself. */
export function privateFunction(given: PrivateFunction): DatabaseFunction {
  const atomic = given.language === 'sql'
  const options = given.options ?? (given.option === undefined ? [] : [given.option])
  const row = (given.row ?? []).map(({ name, type }) => ({ type, text: `${name} ${type}` }))
  // As Postgres prints it.
  const left = options.map(({ name, type }) => ({ type, text: `${name} ${type} DEFAULT NULL::${type}` }))
  const all = [...row, ...left]
  return {
    schema: 'rowhouse_private',
    name: given.name,
    arguments: (given.takes ?? all.map(({ text }) => text)).join(', '),
    identity: (given.takes ?? all.map(({ type }) => type)).join(', '),
    returns: given.returns,
    language: given.language,
    volatility: given.volatility,
    security: 'definer',
    owner: privateRole,
    settings: atomic
      ? {}
      : { ...(given.isPlannedOnce === true ? { plan_cache_mode: 'force_generic_plan' } : {}), search_path: "''" },
    rows: given.rows ?? null,
    body: given.body,
    atomic,
    execute: [...new Set(given.execute)].sort(),
    comment: given.comment,
  }
}
