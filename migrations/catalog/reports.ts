import { type Sql, sql, toText } from '#base'
import {
  callerRole,
  liveSql,
  type ModelIndex,
  mayToSql,
  namedRow,
  owner,
  privateRole,
  type RowReference,
  reportsRole,
  type Scope,
  statementActor,
} from '#policies'
import { builtInField, type Entity, embeddableSql, keptReport, keptTable, type Report } from '#schema'
import { adoptedView, pinnedBy } from './adopted-view.ts'
import type { Column, DatabaseFunction, Table, View } from './catalog.ts'
import { columnsOf, tenantColumnsOf } from './columns.ts'
import { grantsOf } from './grants.ts'
import { isReadable } from './histories.ts'
import { type KeptColumns, keptRows, refreshFunction, selectName } from './kept-reports.ts'

/**
 * Two views for each report. The inner one is the author's select: it belongs to `:REPORTS`, whose row policies show the live rows
 * of the tenant, so no select can reach further. The outer one, which callers may read, is our fence around it: the read rules. A view that was there before has the same fence.
 */
export function viewsOf(index: ModelIndex): readonly View[] {
  const sorted = [...index.model.entities].sort((a, b) => (a.table < b.table ? -1 : 1))
  return sorted.flatMap((entity) => {
    if (entity.source.kind === 'view') {
      const theirs = adoptedView(entity, entity.source, columnsOf(entity, index))
      return [theirs, outerView(entity, theirs, index)]
    }
    if (entity.source.kind !== 'report') return []
    const inner = innerView(entity, entity.source, index)
    return [inner, outerView(entity, inner, index)]
  })
}

/** Adds to a table what the selects of reports need: they see its live rows. */
export function readByReports(entity: Entity, table: Table, index: ModelIndex): Table {
  const policy = {
    name: 'reports',
    permissive: true,
    command: 'select',
    roles: [reportsRole],
    // Changes are live while their row is: its own policy for the same role says so.
    using: toText(entity.historyOf === null ? liveSql(entity, ownRow(entity), index) : isReadable(entity, index)),
    check: null,
    comment: 'Reports are made of the live rows of the tenant.',
  } as const
  const grant = { to: reportsRole, privilege: 'select', columns: null } as const
  return {
    ...table,
    policies: [...table.policies, policy].sort((a, b) => (a.name < b.name ? -1 : 1)),
    grants: [...table.grants, grant].sort((a, b) => (`${a.to} ${a.privilege}` < `${b.to} ${b.privilege}` ? -1 : 1)),
  }
}

/** By the name of its table: the row that a part belongs to may have columns of the same names. */
function ownRow(entity: Entity): RowReference {
  return { column: (name) => sql`${sql.identifier(entity.table)}.${sql.identifier(name)}` }
}

function innerView(entity: Entity, { file, sql: text }: Report, index: ModelIndex): View {
  const columns = yieldedColumns(entity, index).map(({ name, type }) => ({ name, type }))
  return {
    schema: 'rowhouse_private',
    name: selectName(entity),
    owner: reportsRole,
    comment: `The select of ${entity.name}.`,
    securityBarrier: false,
    definition: embeddableSql(text),
    columns: [],
    // Rows that are kept are computed by a function of `:PRIVATE`.
    grants: [{ to: keptReport(entity) === null ? owner : privateRole, privilege: 'select', columns: null }],
    entity: entity.name,
    report: { file, sql: text, columns: columns.sort((a, b) => (a.name < b.name ? -1 : 1)) },
  }
}

function outerView(entity: Entity, inner: View, index: ModelIndex): View {
  const scope: Scope = { index, entity, row: namedRow('t0'), actor: statementActor, related: 'set', depth: 0 }
  const columns = shownColumns(entity, index)
  const from =
    keptReport(entity) === null
      ? sql`${sql.identifier(inner.schema)}.${sql.identifier(inner.name)} t0`
      : sql`(${keptSql(entity, index)}) t0`
  const may = pinnedBy(entity, scope.row, mayToSql('read', scope, sql`caller.role`))
  return {
    schema: entity.schema,
    name: entity.table,
    owner,
    comment: entity.note,
    securityBarrier: true,
    definition: toText(
      sql`select ${sql.join(columns.map(shown), ', ')} from ${from} cross join (select ${callerRole} as role) caller where ${may}`,
    ),
    columns: columns.map(({ name, comment }) => ({ name, comment })),
    grants: grantsOf(entity, index).filter(
      ({ privilege, columns: granted }) => privilege === 'select' && granted !== null,
    ),
    entity: entity.name,
  }
}

/** The rows that were computed last, each with the moment when. */
function keptSql(entity: Entity, index: ModelIndex): Sql {
  const columns = yieldedColumns(entity, index).map(({ name }) => sql`k.${sql.identifier(name)}`)
  return sql`select ${sql.join(columns, ', ')}, r.refreshed_at from ${sql.identifier(entity.schema)}.${sql.identifier(keptTable(entity))} k left join rowhouse.refreshed r on r.tenant_id = k.tenant_id and r.report = ${sql.literal(entity.name)}`
}

/** Tables, and the functions that fill them, of reports that keep their rows. */
export function keptPartsOf(index: ModelIndex): {
  readonly tables: readonly Table[]
  readonly functions: readonly DatabaseFunction[]
} {
  const kept = index.model.entities.flatMap((entity): readonly KeptColumns[] => {
    const report = keptReport(entity)
    return report === null ? [] : [{ entity, report, yielded: yieldedColumns(entity, index) }]
  })
  return {
    tables: kept.map((each) => keptRows(each, index)),
    functions: kept.map((each) => refreshFunction(each, index)),
  }
}

/** Exact numbers have as many digits as their field says; unlike a cast, rounding never fails. */
function shown({ name, type }: Column): Sql {
  const column = sql`t0.${sql.identifier(name)}`
  const scale = /^numeric\(\d+,(\d+)\)$/.exec(type)?.[1]
  return scale === undefined ? column : sql`round(${column}, ${sql.raw(scale)}) as ${sql.identifier(name)}`
}

/** Columns that callers see: all of a report's. */
function shownColumns(entity: Entity, index: ModelIndex): readonly Column[] {
  const hidden = tenantColumnsOf(entity, index)
  return columnsOf(entity, index).filter(({ name }) => !hidden.includes(name))
}

/** Columns that the select yields: all but the moment when it did. */
function yieldedColumns(entity: Entity, index: ModelIndex): readonly Column[] {
  const moment = builtInField(entity, 'refreshedAt')?.column
  return shownColumns(entity, index).filter(({ name }) => name !== moment)
}
