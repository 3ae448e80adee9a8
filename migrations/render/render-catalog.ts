import type { Catalog, DatabaseFunction, RoleName, Table } from '../catalog/catalog.ts'
import { commentText } from './comment-text.ts'
import { renderAdoption, renderSequenceUse } from './render-adoption.ts'
import { extensionsOf } from './render-extensions.ts'
import { isFace, renderFaces } from './render-faces.ts'
import { renderGrant, renderPolicy, renderRowSecurity, renderTrigger, roleText } from './render-fence.ts'
import { renderFunction } from './render-function.ts'
import { asFunctionOwner } from './render-search.ts'
import { renderConstraint, renderIndex, renderTable } from './render-table.ts'
import { renderPolicyViews, renderViews } from './render-view.ts'

/**
 * SQL that makes a catalog in a database that has the platform's objects and roles: tables first, then the keys between
 * them, the views that policies read, the functions, and the fence of each table. Roles are placeholders; run it in one transaction.
 */
export function renderCatalog(catalog: Catalog): string {
  const owners = [...new Set(catalog.tables.map((table) => table.owner))]
  const adoption = renderAdoption(catalog.tables)
  return `${[
    ...(adoption.length === 0 ? [] : ['-- Tables that were there before', adoption.join('\n')]),
    ...extensionsOf(catalog.tables),
    ...owners.flatMap((owner) => asRole(owner, tablesOf(catalog, owner))),
    ...renderPolicyViews(catalog.views ?? []),
    ...functionsByOwner(catalog.functions).flatMap(([owner, functions]) =>
      asFunctionOwner(owner, functions.map(functionText)),
    ),
    ...owners.flatMap((owner) => asRole(owner, fencesOf(catalog, owner))),
    ...renderViews(catalog.views ?? [], catalog.tables),
    'reset role;',
  ].join('\n\n')}\n`
}

function asRole(role: RoleName, pieces: readonly string[]): readonly string[] {
  return pieces.length === 0 ? [] : [`set local role ${roleText(role)};`, ...pieces]
}

function tablesOf(catalog: Catalog, owner: RoleName): readonly string[] {
  const own = catalog.tables.filter((table) => table.owner === owner)
  const made = own.filter((table) => !isFace(table))
  const keys = made.map(foreignKeysText).filter((text) => text !== '')
  return [...made.map(shapeText), ...keys, ...renderFaces(own)]
}

function shapeText(table: Table): string {
  if (table.adopted !== undefined) return `${note(table, 'row security')}\n${renderRowSecurity(table)}`
  const indexes = table.indexes.map((index) => renderIndex(table, index))
  // Row security from the first moment: a table without its policies shows nothing.
  const parts = [note(table, 'table'), renderTable(table), renderRowSecurity(table)]
  return [...parts, ...(indexes.length === 0 ? [] : [note(table, 'indexes'), ...indexes])].join('\n')
}

function foreignKeysText(table: Table): string {
  const keys = table.constraints.filter((constraint) => constraint.kind === 'foreign')
  if (keys.length === 0 || table.adopted !== undefined) return ''
  return [note(table, 'references'), ...keys.map((key) => renderConstraint(table, key))].join('\n')
}

/** Runs of functions with one owner, in their order. */
function functionsByOwner(
  functions: readonly DatabaseFunction[],
): readonly (readonly [RoleName, DatabaseFunction[]])[] {
  const runs: [RoleName, DatabaseFunction[]][] = []
  for (const each of functions) {
    const run = runs.at(-1)
    if (run !== undefined && run[0] === each.owner) run[1].push(each)
    else runs.push([each.owner, [each]])
  }
  return runs
}

function functionText(definition: DatabaseFunction): string {
  const says = commentText(definition.comment ?? definition.name)
  return `-- ${says}\n${renderFunction(definition)}`
}

function fencesOf(catalog: Catalog, owner: RoleName): readonly string[] {
  return catalog.tables
    .filter((table) => table.owner === owner)
    .map((table) =>
      [
        note(table, 'grants'),
        ...table.grants.map((grant) => renderGrant(table, grant)),
        ...renderSequenceUse(table),
        ...table.policies.flatMap((policy) => [
          note(
            table,
            `${policy.permissive ? 'policy' : 'restrictive policy'}, ${policy.command}: ${policy.comment ?? policy.name}`,
          ),
          renderPolicy(table, policy),
        ]),
        ...(isFace(table) ? [] : [note(table, 'triggers')]),
        ...table.triggers.map(renderTrigger),
      ].join('\n'),
    )
}

function note(table: Table, what: string): string {
  return `-- ${commentText(`${table.entity}: ${what}`)}`
}
