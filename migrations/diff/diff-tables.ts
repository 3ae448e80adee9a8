import { canonicalJson, quoteIdentifier } from '#base'
import type { Grant, Table } from '../catalog/catalog.ts'
import type { ObjectChange } from './change.ts'
import { type Pair, pair } from './pair.ts'

/** Changes of tables and of what hangs on those that stay. A new table is one change, with everything on it. */
export function diffTables(from: readonly Table[], to: readonly Table[]): readonly ObjectChange[] {
  const pairs = pair(from, to, (table) => `${table.schema}.${table.name}`)
  const plain = pairs.filter(({ from: before, to: after }) => !isFaced(before) && !isFaced(after))
  const changes = plain.flatMap(({ from: before, to: after }): readonly ObjectChange[] =>
    before === null || after === null ? [{ kind: 'table', from: before, to: after }] : sameName(before, after),
  )
  const faces = diffFaces(from, to, changes)
  return [...changes, ...faces, ...lookingAt(faces, plain, changes)]
}

function isFaced(table: Table | null): boolean {
  return table?.face !== undefined
}

/**
 * Faces hold no rows: those of a table are all made anew where one of them has another shape, or the table behind them, whose columns can be
 * changed only while nothing stands in front of it.
 */
function diffFaces(
  from: readonly Table[],
  to: readonly Table[],
  changes: readonly ObjectChange[],
): readonly ObjectChange[] {
  const behind = (table: Table) => `${table.schema}.${table.face?.of ?? ''}`
  const [before, after] = [from.filter(isFaced), to.filter(isFaced)]
  const reshaped = changes.flatMap((change) => {
    if (change.kind === 'column') return [`${change.table.schema}.${change.table.name}`]
    return change.kind === 'table' ? [`${(change.to ?? change.from)!.schema}.${(change.to ?? change.from)!.name}`] : []
  })
  const shape = (tables: readonly Table[], name: string) =>
    canonicalJson(
      tables
        .filter((table) => behind(table) === name)
        .map(({ name: own, columns, face, owner }) => ({ own, columns, face, owner: owner as string })),
    )
  return [...new Set([...before, ...after].map(behind))].sort().flatMap((name): readonly ObjectChange[] => {
    const own = ({ schema, face }: Table) => `${schema}.${face!.of}` === name
    if (shape(before, name) === shape(after, name) && !reshaped.includes(name))
      return pair(before.filter(own), after.filter(own), (table) => table.name).flatMap(({ from: one, to: other }) =>
        insideTable(one!, other!),
      )
    return [
      ...before.filter(own).map((table): ObjectChange => ({ kind: 'table', from: table, to: null })),
      ...after.filter(own).map((table): ObjectChange => ({ kind: 'table', from: null, to: table })),
    ]
  })
}

/** Policies of other tables that look at rows through a face go with it, and come again. */
function lookingAt(
  faces: readonly ObjectChange[],
  tables: readonly Pair<Table>[],
  changes: readonly ObjectChange[],
): readonly ObjectChange[] {
  const gone = faces.flatMap((change) => (change.kind === 'table' && change.from !== null ? [change.from] : []))
  const names = gone.map(({ schema, name }) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`)
  const isKnown = (table: Table, name: string) =>
    changes.some((each) => each.kind === 'policy' && each.table === table && (each.from ?? each.to)?.name === name)
  return tables.flatMap(({ from: before, to: after }) => {
    if (before === null || after === null) return []
    return before.policies
      .filter(({ using }) => names.some((name) => using?.includes(name) === true))
      .filter(({ name }) => !isKnown(after, name))
      .map(
        (policy): ObjectChange => ({
          kind: 'policy',
          table: after,
          from: policy,
          to: after.policies.find(({ name }) => name === policy.name) ?? null,
        }),
      )
  })
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
