import { Bug, quoteIdentifier, quoteLiteral } from '#base'
import { reportsRole, searchRole } from '#policies'
import type { Column, Constraint, DatabaseFunction, Grant, RoleName, Table } from '../catalog/catalog.ts'
import { renderAdoption, renderSequenceUse } from '../render/render-adoption.ts'
import { extensionsOf } from '../render/render-extensions.ts'
import { isFace, renderDroppedFaces, renderFaces } from '../render/render-faces.ts'
import { renderGrant, renderPolicy, renderRowSecurity, renderTrigger, roleText } from '../render/render-fence.ts'
import { renderFunction } from '../render/render-function.ts'
import { asFunctionOwner, searchGone } from '../render/render-search.ts'
import { renderColumn, renderConstraint, renderIndex, renderTable, tableText } from '../render/render-table.ts'
import {
  isBehindPolicies,
  renderDroppedViews,
  renderPolicyViews,
  renderReplacedView,
  renderViews,
  selectsGone,
} from '../render/render-view.ts'
import { carriedAdditions, carriedDrops } from './carried-changes.ts'
import type { Change } from './change.ts'
import { isRenewed, renderChangedIndexes } from './changed-indexes.ts'
import { heldRules } from './held-rules.ts'
import { storedDrops, storedFills } from './stored-changes.ts'

type Of<Kind extends Change['kind']> = Extract<Change, { readonly kind: Kind }>

/**
 * SQL for changes that lose nothing, with role placeholders. Run it in one transaction: a policy that is replaced is dropped and
 * made again under a lock that its table keeps until the commit, so no other session ever meets the gap. Roles are not part of it.
 *
 * @throws Bug when a change is destructive
 */
export function renderAdditions(changes: readonly Change[]): string {
  const destructive = changes.find((change) => change.class === 'destructive')
  if (destructive !== undefined) throw new Bug(`Not an addition: ${destructive.description}.`)
  const owner = ':OWNER'
  const pieces = [
    ...extensionsOf([
      ...added(changes),
      ...of(changes, 'index').flatMap(({ table, to }) => (to === null ? [] : [{ ...table, indexes: [to] }])),
      ...of(changes, 'constraint').flatMap(({ table, to }) => (to === null ? [] : [{ ...table, constraints: [to] }])),
    ]),
    ...renderAdoption(added(changes)),
    ...renderDroppedViews(otherViews(changes).flatMap(({ from }) => from ?? [])),
    ...asRole(owner, [...drops(changes), ...shapes(changes), ...keys(changes)]),
    ...policyViews(changes).flatMap(({ from, to }) =>
      to === null ? [] : from === null ? renderPolicyViews([to]) : [renderReplacedView(from, to)],
    ),
    ...functions(changes),
    ...asRole(owner, fences(changes)),
    ...droppedFunctions(changes),
    ...asRole(owner, storedDrops(changes)),
    ...renderDroppedViews(policyViews(changes).flatMap(({ from, to }) => (to === null && from !== null ? [from] : []))),
    ...views(changes),
    ...(searchIsGone(changes) ? [searchGone] : []),
  ]
  return pieces.length === 0 ? '' : `${[...pieces, 'reset role;'].join('\n')}\n`
}

function searchIsGone(changes: readonly Change[]): boolean {
  return of(changes, 'role').some(({ from, to }) => from?.name === searchRole && to === null)
}

function views(changes: readonly Change[]): readonly string[] {
  const made = otherViews(changes).flatMap(({ to }) => to ?? [])
  const isGone = of(changes, 'role').some(({ from, to }) => from?.name === reportsRole && to === null)
  // Those that were there before let it in when they were adopted, or are among the additions.
  return [...renderViews(made, tablesOf(changes)), ...(isGone ? [selectsGone] : [])]
}

/** Made before policies, and gone after them. */
function policyViews(changes: readonly Change[]): readonly Of<'view'>[] {
  return of(changes, 'view').filter(({ from, to }) => isBehindPolicies((to ?? from)!))
}

function otherViews(changes: readonly Change[]): readonly Of<'view'>[] {
  return of(changes, 'view').filter(({ from, to }) => !isBehindPolicies((to ?? from)!))
}

function tablesOf(changes: readonly Change[]): readonly Table[] {
  return [...added(changes), ...changes.flatMap((change) => ('table' in change ? [change.table] : []))]
}

function of<Kind extends Change['kind']>(changes: readonly Change[], kind: Kind): readonly Of<Kind>[] {
  return changes.filter((change): change is Of<Kind> => change.kind === kind)
}

function asRole(role: RoleName, pieces: readonly string[]): readonly string[] {
  return pieces.length === 0 ? [] : [`set local role ${roleText(role)};`, ...pieces]
}

// First of all, because what comes after may use the same names.
function drops(changes: readonly Change[]): readonly string[] {
  return [
    ...gone(of(changes, 'trigger')).map((one) => `drop trigger ${one.name} on ${one.table};`),
    ...gone(of(changes, 'policy')).map((one) => `drop policy ${one.name} on ${one.table};`),
    ...gone(foreignFirst(of(changes, 'constraint'))).map(
      (one) => `alter table ${one.table} drop constraint ${one.name};`,
    ),
    // Those that hold what is computed from others; everything else is destructive.
    ...renderDroppedFaces(removed(changes)),
    ...removed(changes).flatMap((table) => (isFace(table) ? [] : [`drop table ${tableText(table)};`])),
    ...singleIndexes(changes).flatMap(({ from, table }) =>
      from === null ? [] : [`drop index ${quoteIdentifier(table.schema)}.${quoteIdentifier(from.name)};`],
    ),
  ]
}

/** What refers to a key goes before it. */
function foreignFirst(changes: readonly Of<'constraint'>[]): readonly Of<'constraint'>[] {
  const isForeign = ({ from }: Of<'constraint'>) => from?.kind === 'foreign'
  return [...changes.filter(isForeign), ...changes.filter((each) => !isForeign(each))]
}

function removed(changes: readonly Change[]): readonly Table[] {
  return of(changes, 'table').flatMap(({ from }) => from ?? [])
}

function gone(changes: readonly (Of<'trigger'> | Of<'policy'> | Of<'constraint'>)[]) {
  return changes.flatMap(({ from, table }) =>
    from === null ? [] : [{ name: quoteIdentifier(from.name), table: tableText(table) }],
  )
}

function shapes(changes: readonly Change[]): readonly string[] {
  return [
    ...added(changes)
      .filter((table) => !isFace(table))
      .flatMap((table) => [
        ...(table.adopted === undefined ? [renderTable(table)] : []),
        renderRowSecurity(table),
        ...table.indexes.map((index) => renderIndex(table, index)),
      ]),
    ...of(changes, 'column').flatMap(({ table, from, to }) => (to === null ? [] : columnChange(table, from, to))),
    ...carriedDrops(changes),
    ...carriedAdditions(changes),
    ...storedFills(changes),
    ...of(changes, 'options').flatMap(({ to, from }) => (to === null || from === null ? [] : optionsChange(from, to))),
    ...singleIndexes(changes).flatMap(({ table, to }) => (to === null ? [] : [renderIndex(table, to)])),
    ...renderChangedIndexes(changes),
    // Behind them, the columns are as they shall be.
    ...renderFaces(added(changes)),
  ]
}

function singleIndexes(changes: readonly Change[]): readonly Of<'index'>[] {
  return of(changes, 'index').filter((change) => !isRenewed(change, changes))
}

function added(changes: readonly Change[]): readonly Table[] {
  return of(changes, 'table').flatMap(({ to }) => (to === null ? [] : [to]))
}

function columnChange(table: Table, from: Column | null, to: Column): readonly string[] {
  const name = quoteIdentifier(to.name)
  const alter = `alter table ${tableText(table)} alter column ${name}`
  const lines: string[] = []
  if (from === null && to.carried !== undefined) return []
  if (from === null) lines.push(renderColumn(table, to))
  else {
    if (from.notNull && !to.notNull) lines.push(`${alter} drop not null;`)
    if (from.default !== to.default)
      lines.push(to.default === null ? `${alter} drop default;` : `${alter} set default ${to.default};`)
  }
  if ((from?.comment ?? null) !== to.comment)
    lines.push(`comment on column ${tableText(table)}.${name} is ${quoteLiteral(to.comment)};`)
  return lines
}

function optionsChange(from: Table, to: Table): readonly string[] {
  return [
    ...(from.comment === to.comment ? [] : [`comment on table ${tableText(to)} is ${quoteLiteral(to.comment)};`]),
    renderRowSecurity(to),
  ]
}

/** Foreign keys come last: they refer to keys that may be new as well. */
function keys(changes: readonly Change[]): readonly string[] {
  const onTables = of(changes, 'constraint').flatMap(({ table, to }) => (to === null ? [] : [{ table, one: to }]))
  const render = (each: readonly { readonly table: Table; readonly one: Constraint }[]) =>
    each.map(({ table, one }) => renderConstraint(table, one))
  return [
    ...render(onTables.filter(({ one }) => one.kind !== 'foreign')),
    ...added(changes).flatMap((table) =>
      table.adopted === undefined
        ? table.constraints.filter((one) => one.kind === 'foreign').map((one) => renderConstraint(table, one))
        : [],
    ),
    ...render(onTables.filter(({ one }) => one.kind === 'foreign')),
  ]
}

function functions(changes: readonly Change[]): readonly string[] {
  return of(changes, 'function').flatMap(({ from, to }) =>
    to === null ? [] : asFunctionOwner(to.owner, functionChange(from, to)),
  )
}

function functionChange(from: DatabaseFunction | null, to: DatabaseFunction): readonly string[] {
  const signature = signatureOf(to)
  const revoked = (from?.execute ?? []).filter((role) => !to.execute.includes(role)).map(roleText)
  return [
    renderFunction(to),
    ...(revoked.length === 0 ? [] : [`revoke execute on function ${signature} from ${revoked.join(', ')};`]),
    ...(from !== null && from.comment !== null && to.comment === null
      ? [`comment on function ${signature} is null;`]
      : []),
  ]
}

function droppedFunctions(changes: readonly Change[]): readonly string[] {
  // The last made goes first: it may use the ones before it.
  return [...of(changes, 'function')]
    .reverse()
    .flatMap(({ from, to }) =>
      from !== null && to === null ? asRole(from.owner, [`drop function ${signatureOf(from)};`]) : [],
    )
}

function signatureOf(one: DatabaseFunction): string {
  return `${quoteIdentifier(one.schema)}.${quoteIdentifier(one.name)}(${one.identity})`
}

function fences(changes: readonly Change[]): readonly string[] {
  return [
    ...added(changes).flatMap((table) => [
      ...table.grants.map((grant) => renderGrant(table, grant)),
      ...renderSequenceUse(table),
      ...table.policies.map((policy) => renderPolicy(table, policy)),
      ...table.triggers.map(renderTrigger),
    ]),
    ...grants(of(changes, 'grant')),
    ...of(changes, 'policy').flatMap(({ table, to }) => (to === null ? [] : [renderPolicy(table, to)])),
    ...of(changes, 'trigger').flatMap(({ to }) => (to === null ? [] : [renderTrigger(to)])),
    ...heldRules(changes),
  ]
}

// Revoking a right on a table takes the same right on its columns along, so what the table should grant is granted again.
function grants(changes: readonly Of<'grant'>[]): readonly string[] {
  const tables = new Map(changes.map(({ table }) => [tableText(table), table]))
  const revokes = changes.flatMap(({ table, from }) => (from === null ? [] : [renderRevoke(table, from)]))
  return [
    ...revokes,
    ...[...tables.values()].flatMap((table) => [
      ...table.grants.map((grant) => renderGrant(table, grant)),
      ...renderSequenceUse(table),
    ]),
  ]
}

function renderRevoke(table: Table, grant: Grant): string {
  const columns = grant.columns === null ? '' : ` (${grant.columns.map(quoteIdentifier).join(', ')})`
  return `revoke ${grant.privilege}${columns} on ${tableText(table)} from ${roleText(grant.to)};`
}
