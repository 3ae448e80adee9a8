import { canonicalJson } from '#base'
import {
  annotatedSql,
  type Catalog,
  objectsOf,
  objectsOfTable,
  platformRoles,
  replacePlaceholders,
  type Table,
  type View,
} from '#migrations'
import { entitiesNamed, type Inspection, type InspectPart } from './inspection.ts'
import { placesOf, postgresName, reasonLines } from './places.ts'

/** The SQL of the app or of some tables, each statement with the reason why it is there. */
export const sql: InspectPart = {
  formats: ['sql', 'json'],
  show(names, format, inspection) {
    const { app, catalog, explain, model } = inspection
    const part = names.length === 0 ? catalog : partOf(catalog, namesOf(names, inspection))
    if (format === 'json') return reasonsJson(part, names.length === 0, inspection)
    const text = annotatedSql(part, (object) => reasonLines(object, explain, app))
    return replacePlaceholders(text, platformRoles(model.app))
  },
}

function namesOf(names: readonly string[], inspection: Inspection): readonly string[] {
  return entitiesNamed(names, inspection).map(({ name }) => name)
}

/** Tables of the entities, with the functions that they run or that bear their name. */
function partOf(catalog: Catalog, names: readonly string[]): Pick<Catalog, 'tables' | 'functions' | 'views'> {
  const tables = catalog.tables.filter(({ entity }) => names.includes(entity))
  const views = viewsOf(catalog, tables, names)
  const calls = [...tables.map(callsOf), ...views.map(({ definition }) => definition)].join('\n')
  const ownEnds = tables.map(({ name }) => `_${name}`)
  const functions = catalog.functions.filter(
    ({ name, schema }) =>
      calls.includes(`"${schema}"."${name}"`) ||
      calls.includes(`${schema}."${name}"`) ||
      ownEnds.some((end) => isOwn(name, end)),
  )
  return { tables, functions, ...(views.length === 0 ? {} : { views }) }
}

/** Those of the entities, and those that policies of their tables read. */
function viewsOf({ views = [] }: Catalog, tables: readonly Table[], names: readonly string[]): readonly View[] {
  const read = tables.map(callsOf).join('\n')
  return views.filter(({ behindPolicies, schema, name, entity }) =>
    behindPolicies === true ? read.includes(`"${schema}"."${name}"`) : names.includes(entity),
  )
}

/** `remove_order`, but not `remove_purchase_order`. */
function isOwn(name: string, end: string): boolean {
  return name.endsWith(end) && /^(?:may_read|[a-z]+)$/.test(name.slice(0, -end.length))
}

function callsOf(table: Table): string {
  return [
    ...table.policies.flatMap(({ using, check }) => [using ?? '', check ?? '']),
    ...table.triggers.map(({ definition }) => definition),
    ...table.columns.map((column) => column.default ?? ''),
    ...table.constraints.map(({ definition }) => definition),
  ].join('\n')
}

function reasonsJson(
  part: Pick<Catalog, 'tables' | 'functions' | 'views'>,
  isWhole: boolean,
  { catalog, explain, app, model }: Inspection,
): string {
  const objects = isWhole
    ? objectsOf(catalog)
    : [
        ...part.tables.flatMap(objectsOfTable),
        ...part.functions.map((each) => ({ kind: 'function', function: each }) as const),
        ...(part.views ?? []).map((view) => ({ kind: 'view', view }) as const),
      ]
  return canonicalJson(
    objects.map((object) => {
      const { sentences, paths } = explain(object)
      return {
        kind: object.kind,
        name: postgresName(object, model.app),
        why: sentences,
        model: paths,
        places: placesOf(paths, app),
      }
    }),
  )
}
