import { canonicalJson } from '#base'
import type { Catalog, CatalogRole, DatabaseFunction } from '../catalog/catalog.ts'
import type { Change, ObjectChange } from './change.ts'
import { classify } from './classify.ts'
import { diffTables } from './diff-tables.ts'
import { diffViews } from './diff-views.ts'
import { type Pair, pair } from './pair.ts'

/**
 * What turns one generated catalog into another, each change with its class. Functions come in an order in which they
 * can be created. Both catalogs must be generated: their texts are compared as they stand.
 */
export function diffCatalogs(from: Catalog, to: Catalog): readonly Change[] {
  const found: readonly ObjectChange[] = [
    ...pair(from.roles, to.roles, (role) => role.name)
      .filter(differs)
      .map(roleChange),
    ...diffTables(from.tables, to.tables),
    ...pair(from.functions, to.functions, functionName).filter(differs).map(functionChange),
  ]
  const changes = [...found, ...diffViews(from, to, found)]
  return changes.map((change) => ({ ...change, ...classify(change, changes) }))
}

function roleChange(one: Pair<CatalogRole>): ObjectChange {
  return { kind: 'role', ...one }
}

function functionChange(one: Pair<DatabaseFunction>): ObjectChange {
  return { kind: 'function', ...one }
}

function functionName(one: DatabaseFunction): string {
  return `${one.schema}.${one.name}(${one.identity})`
}

function differs(one: Pair<unknown>): boolean {
  return canonicalJson(one.from) !== canonicalJson(one.to)
}
