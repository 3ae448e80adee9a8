import { privateRole, type RolePlaceholder } from '#policies'
import type { DatabaseFunction } from '../catalog.ts'

/** What differs between the functions that decide rules. */
export interface PrivateFunction {
  readonly name: string
  /** With `row_id uuid` or without arguments. */
  readonly takesRow?: boolean
  readonly returns: string
  readonly body: string
  readonly language: 'sql' | 'plpgsql'
  readonly volatility: 'stable' | 'volatile'
  readonly rows?: number
  readonly execute: readonly RolePlaceholder[]
  readonly comment: string
}

/** A definer function in `rowhouse_private`: SQL is bound to its tables when it is made, plpgsql looks nowhere by itself. */
export function privateFunction(given: PrivateFunction): DatabaseFunction {
  const atomic = given.language === 'sql'
  return {
    schema: 'rowhouse_private',
    name: given.name,
    arguments: given.takesRow === true ? 'row_id uuid' : '',
    identity: given.takesRow === true ? 'uuid' : '',
    returns: given.returns,
    language: given.language,
    volatility: given.volatility,
    security: 'definer',
    owner: privateRole,
    settings: atomic ? {} : { search_path: "''" },
    rows: given.rows ?? null,
    body: given.body,
    atomic,
    execute: [...new Set(given.execute)].sort(),
    comment: given.comment,
  }
}
