import { Bug, deepFreeze } from '#base'
import { indexModel, type ModelIndex, markerRoles, owner } from '#policies'
import { type Entity, isReadOnly, type Model } from '#schema'
import { adoptedTable } from './adopted-table.ts'
import type { Catalog, DatabaseFunction, Table } from './catalog.ts'
import { columnsOf } from './columns.ts'
import { constraintsOf } from './constraints.ts'
import { exclusionsOf } from './exclusions.ts'
import { facesOf, shownView } from './faces.ts'
import { functionsOf } from './functions/all-functions.ts'
import { reachViews } from './functions/set-functions.ts'
import { grantsOf } from './grants.ts'
import { indexesOf, renamed } from './indexes.ts'
import { policiesOf } from './policies.ts'
import { keptPartsOf, readByReports, viewsOf } from './reports.ts'
import { catalogRoles } from './roles.ts'
import { isSearched, searchable, withSearchColumn } from './search.ts'
import { triggersOf } from './triggers.ts'

/**
 * The database that a model asks for: the same bytes for the same model, whatever the order of its rules.
 *
 * @throws FIELD_PATTERN_INVALID when a pattern of a field cannot be checked by Postgres
 */
export function buildCatalog(model: Model): Catalog {
  const index = indexModel(model)
  const reports = model.entities.some(({ source }) => source.kind === 'report')
  const kept = keptPartsOf(index)
  const tables = model.entities
    .filter((entity) => !isReadOnly(entity))
    .sort((a, b) => (tableKey(a) < tableKey(b) ? -1 : 1))
    .map((entity) => ({ entity, table: tableOf(entity, index) }))
  const faced = tables.flatMap(({ entity, table }) => {
    const [first, ...faces] = facesOf(entity, table, index)
    const found = searchable(entity, first!)
    return [reports ? readByReports(entity, found, index) : found, ...faces]
  })
  const shown = tables.flatMap(({ entity, table }) => shownView(entity, table, index) ?? [])
  const views = [...reachViews(index), ...shown, ...viewsOf(index)]
  return deepFreeze({
    version: 1,
    app: model.app,
    roles: catalogRoles(model.roles, markerRoles(model), { reports, search: model.entities.some(isSearched) }),
    tables: withDistinctIndexes(withKept(inOrder(faced), kept.tables)),
    functions: distinct([...functionsOf(index), ...kept.functions]),
    ...(views.length === 0 ? {} : { views }),
  } satisfies Catalog)
}

/** Functions are made by `create or replace`: of two with one name the last would serve both. */
function distinct(functions: readonly DatabaseFunction[]): readonly DatabaseFunction[] {
  const taken = new Set<string>()
  for (const { schema, name, identity } of functions) {
    const signature = `${schema}.${name}(${identity})`
    if (taken.has(signature)) throw new Bug(`Two functions want to be ${signature}.`)
    taken.add(signature)
  }
  return functions
}

function inOrder(tables: readonly Table[]): readonly Table[] {
  if (tables.every(({ face }) => face === undefined)) return tables
  return tables.toSorted((a, b) => (`${a.schema}.${a.name}` < `${b.schema}.${b.name}` ? -1 : 1))
}

function withKept(tables: readonly Table[], kept: readonly Table[]): readonly Table[] {
  const place = ({ schema, name }: Table) => `${schema}.${name}`
  return kept.length === 0 ? tables : [...tables, ...kept].sort((a, b) => (place(a) < place(b) ? -1 : 1))
}

function tableKey({ schema, table }: Entity): string {
  return `${schema}.${table}`
}

function tableOf(entity: Entity, index: ModelIndex): Table {
  if (entity.source.kind === 'adopted') return adoptedTable(entity, entity.source, index)
  return withSearchColumn(entity, {
    schema: entity.schema,
    name: entity.table,
    owner,
    comment: entity.note,
    rowSecurity: true,
    forceRowSecurity: true,
    columns: columnsOf(entity, index),
    constraints: [...constraintsOf(entity, index), ...exclusionsOf(entity, index)],
    indexes: indexesOf(entity, index),
    policies: policiesOf(entity, index),
    triggers: triggersOf(entity, index),
    grants: grantsOf(entity, index),
    entity: entity.name,
  })
}

/** Tables, keys and indexes share one name space: `line_number` of `order` and `number` of `order_line` want the same name. */
function withDistinctIndexes(tables: readonly Table[]): readonly Table[] {
  const taken = new Set(tables.flatMap((table) => [table.name, ...keys(table)]))
  return tables.map((table) => ({
    ...table,
    indexes: table.indexes.map((index) => {
      const own = taken.has(index.name) ? renamed(index, table.name) : index
      taken.add(own.name)
      return own
    }),
  }))
}

function keys(table: Table): readonly string[] {
  return table.constraints.filter((each) => each.kind === 'primary' || each.kind === 'unique').map((each) => each.name)
}
