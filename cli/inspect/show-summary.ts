import { canonicalJson } from '#base'
import { renderCatalog } from '#migrations'
import { type Entity, rulesFor } from '#schema'
import { printModelSdl } from '#server'
import type { Inspection, InspectPart } from './inspection.ts'
import { textTable } from './text-table.ts'

/** What the app has and becomes, in numbers. */
export const summary: InspectPart = {
  formats: ['text', 'json'],
  async show(_, format, inspection) {
    const { model } = inspection
    const entities = model.entities.map((entity) => numbersOf(entity, inspection))
    const becomes = await sizesOf(inspection)
    if (format === 'json') return canonicalJson({ app: model.app, entities, becomes })
    const header = ['entity', 'table', 'fields', 'relations', 'rules', 'columns', 'indexes', 'policies', 'states']
    return [
      `${model.app}: ${counted(entities.length, 'entity', 'entities')}, ${counted(model.roles.length, 'role')}, ${counted(sum(entities.map((each) => each.rules)), 'rule')}`,
      '',
      ...textTable([header, ...entities.map((each) => Object.values(each))]),
      '',
      ...textTable(becomes.map(({ what, parts, bytes }) => [what, parts, `${Math.ceil(bytes / 1024)} kB`])),
      '',
    ].join('\n')
  },
}

function numbersOf(entity: Entity, { model, catalog }: Inspection) {
  const table = catalog.tables.find((each) => each.entity === entity.name)
  return {
    entity: entity.name,
    table: entity.schema === 'app' ? entity.table : `${entity.schema}.${entity.table}`,
    fields: entity.fields.filter(({ builtIn }) => !builtIn).length + entity.computed.length,
    relations: entity.relations.length,
    rules: rulesFor(model, entity).length,
    columns: table?.columns.length ?? 0,
    indexes: table?.indexes.length ?? 0,
    policies: table?.policies.length ?? 0,
    states: entity.lifecycle?.states.length ?? 0,
  }
}

interface Size {
  readonly what: string
  readonly parts: string
  readonly bytes: number
}

async function sizesOf({ model, catalog }: Inspection): Promise<readonly Size[]> {
  const sdl = await printModelSdl(model)
  const of = (count: (table: (typeof catalog.tables)[number]) => number) => sum(catalog.tables.map(count))
  const inTables = [
    counted(catalog.tables.length, 'table'),
    ...(catalog.views === undefined ? [] : [counted(catalog.views.length, 'view')]),
    counted(
      of(({ columns }) => columns.length),
      'column',
    ),
    counted(
      of(({ constraints }) => constraints.length),
      'constraint',
    ),
    counted(
      of(({ indexes }) => indexes.length),
      'index',
      'indexes',
    ),
    counted(
      of(({ policies }) => policies.length),
      'policy',
      'policies',
    ),
    counted(
      of(({ triggers }) => triggers.length),
      'trigger',
    ),
    counted(catalog.functions.length, 'function'),
    counted(catalog.roles.length, 'role'),
  ]
  const types = sdl.match(/^(type|input|enum|scalar|union|interface) /gm)?.length ?? 0
  return [
    {
      what: 'model',
      parts: counted(model.entities.length, 'entity', 'entities'),
      bytes: Buffer.byteLength(canonicalJson(model)),
    },
    { what: 'postgres', parts: inTables.join(', '), bytes: Buffer.byteLength(renderCatalog(catalog)) },
    { what: 'graphql', parts: counted(types, 'type'), bytes: Buffer.byteLength(sdl) },
  ]
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
