import type { Catalog, DatabaseFunction, RoleName, Table, View } from '../catalog/catalog.ts'
import { commentText } from '../render/comment-text.ts'
import { renderAdoption, renderSequenceUse } from '../render/render-adoption.ts'
import { extensionsOf } from '../render/render-extensions.ts'
import { isFace, renderFaces } from '../render/render-faces.ts'
import { renderGrant, renderPolicy, renderRowSecurity, renderTrigger } from '../render/render-fence.ts'
import { renderFunction } from '../render/render-function.ts'
import { asFunctionOwner } from '../render/render-search.ts'
import {
  columnText,
  constraintText,
  renderConstraint,
  renderIndex,
  renderTable,
  tableText,
} from '../render/render-table.ts'
import { isBehindPolicies, renderView, renderViews } from '../render/render-view.ts'
import type { CatalogObject } from './catalog-object.ts'

/** Lines that are said in front of an object. */
export type Notes = (object: CatalogObject) => readonly string[]

/**
 * The SQL that makes tables and functions, as the migrations have it, with a comment in front of each statement, column, key and check.
 * Roles are placeholders.
 *
 * @param catalog of which this is a part; tables and functions in its order
 */
export function annotatedSql(catalog: Pick<Catalog, 'tables' | 'functions' | 'views'>, notes: Notes): string {
  const { tables, functions, views = [] } = catalog
  const made = tables.filter((table) => !isFace(table))
  const pieces = [
    ...made.map((table) => [table.owner, shapeOf(table, notes)] as const),
    ...made.map((table) => [table.owner, referencesOf(table, notes)] as const),
    ...made.map((table) => [table.owner, facesOf(table, tables, notes)] as const),
    ...views.filter(isBehindPolicies).map((view) => [view.owner, policyViewOf(view, notes)] as const),
    ...functions.map((each) => [each.owner, functionOf(each, notes)] as const),
    ...tables.map((table) => [table.owner, fenceOf(table, notes)] as const),
  ].filter(([, text]) => text !== '')
  const adoption = renderAdoption(tables)
  const before = adoption.length === 0 ? [] : ['-- Tables that were there before', adoption.join('\n')]
  return `${[
    ...before,
    ...extensionsOf(tables),
    ...byRole(pieces),
    ...viewsOf(
      views.filter((view) => !isBehindPolicies(view)),
      tables,
      notes,
    ),
    'reset role;',
  ].join('\n\n')}\n`
}

function viewsOf(views: readonly View[], tables: readonly Table[], notes: Notes): readonly string[] {
  const noted = views.flatMap((view) => comments(notes({ kind: 'view', view })))
  return views.length === 0 ? [] : [[...noted, ...renderViews(views, tables)].join('\n')]
}

function policyViewOf(view: View, notes: Notes): string {
  return [...comments(notes({ kind: 'view', view })), renderView(view)].join('\n')
}

/** Says who makes what, once for each run of pieces. */
function byRole(pieces: readonly (readonly [RoleName, string])[]): readonly string[] {
  const runs: [RoleName, string[]][] = []
  for (const [role, text] of pieces) {
    const run = runs.at(-1)
    if (run?.[0] === role) run[1].push(text)
    else runs.push([role, [text]])
  }
  return runs.flatMap(([role, texts]) => asFunctionOwner(role, texts))
}

function shapeOf(table: Table, notes: Notes): string {
  const start = comments(notes({ kind: 'table', table }))
  if (table.adopted !== undefined) return [...start, renderRowSecurity(table)].join('\n')
  const indexes = table.indexes.flatMap((index) => [
    ...comments(notes({ kind: 'index', table, index })),
    renderIndex(table, index),
  ])
  return [...start, tableWithNotes(table, notes), renderRowSecurity(table), ...indexes].join('\n')
}

/** `create table` with notes between its lines. */
function tableWithNotes(table: Table, notes: Notes): string {
  const parts = [
    ...table.columns.map((column) => [columnText(column), notes({ kind: 'column', table, column })] as const),
    ...table.constraints
      .filter(({ kind }) => kind !== 'foreign')
      .map((constraint) => [constraintText(constraint), notes({ kind: 'constraint', table, constraint })] as const),
  ]
  const whole = renderTable(table)
  const head = `create table ${tableText(table)} (\n${parts.map(([text]) => `  ${text}`).join(',\n')}\n);`
  // The table is made in another way then; its statement is right without notes too.
  if (!whole.startsWith(head)) return whole
  const lines = parts.flatMap(([text, said], at) => [
    ...comments(said).map((line) => `  ${line}`),
    `  ${text}${at === parts.length - 1 ? '' : ','}`,
  ])
  return `create table ${tableText(table)} (\n${lines.join('\n')}\n);${whole.slice(head.length)}`
}

function referencesOf(table: Table, notes: Notes): string {
  if (table.adopted !== undefined) return ''
  return table.constraints
    .filter(({ kind }) => kind === 'foreign')
    .flatMap((constraint) => [
      ...comments(notes({ kind: 'constraint', table, constraint })),
      renderConstraint(table, constraint),
    ])
    .join('\n')
}

/** The faces of one table, each note in front of them all: what makes them is one piece. */
function facesOf(table: Table, tables: readonly Table[], notes: Notes): string {
  const faces = tables.filter(({ face }) => face !== undefined && face.of === table.name)
  const noted = faces.flatMap((face) => comments(notes({ kind: 'table', table: face })))
  return [...noted, ...renderFaces([table, ...faces])].join('\n')
}

function functionOf(definition: DatabaseFunction, notes: Notes): string {
  return [...comments(notes({ kind: 'function', function: definition })), renderFunction(definition)].join('\n')
}

function fenceOf(table: Table, notes: Notes): string {
  return [
    ...table.grants.flatMap((grant) => [
      ...comments(notes({ kind: 'grant', table, grant })),
      renderGrant(table, grant),
    ]),
    ...renderSequenceUse(table),
    ...table.policies.flatMap((policy) => [
      ...comments(notes({ kind: 'policy', table, policy })),
      renderPolicy(table, policy),
    ]),
    ...table.triggers.flatMap((trigger) => [
      ...comments(notes({ kind: 'trigger', table, trigger })),
      renderTrigger(trigger),
    ]),
  ].join('\n')
}

function comments(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `-- ${commentText(line)}`)
}
