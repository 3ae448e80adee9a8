import { canonicalJson } from '#base'
import type { Grant, Table } from '../catalog/catalog.ts'
import type { ObjectChange } from './change.ts'
import { type Pair, pair } from './pair.ts'

/** Changes of tables and of what hangs on those that stay. A new table is one change, with everything on it. */
export function diffTables(from: readonly Table[], to: readonly Table[]): readonly ObjectChange[] {
  return pair(from, to, (table) => `${table.schema}.${table.name}`).flatMap(({ from: before, to: after }) =>
    before === null || after === null ? [{ kind: 'table', from: before, to: after }] : sameName(before, after),
  )
}

/** Rows that are computed from others are lost for a moment only. */
function sameName(from: Table, to: Table): readonly ObjectChange[] {
  const changes = insideTable(from, to)
  const isShape = changes.some(({ kind }) => kind === 'column' || kind === 'constraint' || kind === 'options')
  if (from.computed === undefined || to.computed === undefined || !isShape) return changes
  return [
    { kind: 'table', from, to: null },
    { kind: 'table', from: null, to },
  ]
}

function insideTable(from: Table, to: Table): readonly ObjectChange[] {
  const changes: ObjectChange[] = []
  const table = to
  if (options(from) !== options(to)) changes.push({ kind: 'options', table, from, to })
  // What is there of an adopted table is its own; that it fits the model is looked at by itself.
  const isMade = to.adopted === undefined
  if (isMade) for (const one of changed(from.columns, to.columns)) changes.push({ kind: 'column', table, ...one })
  if (isMade)
    for (const one of changed(from.constraints, to.constraints)) changes.push({ kind: 'constraint', table, ...one })
  if (isMade) for (const one of changed(from.indexes, to.indexes)) changes.push({ kind: 'index', table, ...one })
  for (const one of changed(from.policies, to.policies)) changes.push({ kind: 'policy', table, ...one })
  for (const one of changed(from.triggers, to.triggers)) changes.push({ kind: 'trigger', table, ...one })
  for (const one of pair(singleGrants(from), singleGrants(to), grantName))
    if (one.from === null || one.to === null) changes.push({ kind: 'grant', table, ...one })
  return changes
}

function options(table: Table): string {
  const { comment, owner, rowSecurity, forceRowSecurity } = table
  return canonicalJson({ comment, owner, rowSecurity, forceRowSecurity })
}

function changed<T extends { readonly name: string }>(from: readonly T[], to: readonly T[]): readonly Pair<T>[] {
  return pair(from, to, (one) => one.name).filter((one) => canonicalJson(one.from) !== canonicalJson(one.to))
}

// One for each column: revoking `select (a, b)` to grant `select (a)` would be a gap for nobody, but noise for everyone.
function singleGrants(table: Table): readonly Grant[] {
  const single = table.grants.flatMap((grant) =>
    grant.columns === null ? [grant] : grant.columns.map((column) => ({ ...grant, columns: [column] })),
  )
  return [...new Map(single.map((grant) => [grantName(grant), grant])).values()]
}

function grantName(grant: Grant): string {
  return canonicalJson(grant)
}
