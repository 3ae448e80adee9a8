import { quoteIdentifier } from '#base'
import { indexModel } from '#policies'
import type { Model } from '#schema'
import type { Catalog, Table, View } from '../catalog/catalog.ts'
import { columnsOf } from '../catalog/columns.ts'
import { isTheirs } from '../render/render-adopted-view.ts'
import { adoptedOf, renderSchemaUse } from '../render/render-adoption.ts'
import { tableText } from '../render/render-table.ts'

/** A catalog for a database in which nothing was there before, with what the model adopts made as the model describes it. */
export interface StandIns {
  readonly catalog: Catalog
  /** SQL to run before it, as the migrator, with role placeholders. */
  readonly before: string
}

/**
 * Tables in place of those that were there before: their columns, keys and references among each other are in the model. What only their own database
 * knows is left out: other columns, checks, triggers. In place of a view stands a table without rows.
 */
export function standInsFor(catalog: Catalog, model: Model): StandIns {
  const adopted = adoptedOf(catalog.tables)
  const views = (catalog.views ?? []).filter(isTheirs)
  if (adopted.length + views.length === 0) return { catalog, before: '' }
  const schemas = [...new Set([...adopted, ...views].map(({ schema }) => schema))].sort()
  const before = [
    ...schemas.flatMap((schema) => [
      `create schema if not exists ${quoteIdentifier(schema)};`,
      renderSchemaUse(schema),
      `grant create on schema ${quoteIdentifier(schema)} to ":OWNER";`,
    ]),
    ...views.map(viewText),
  ]
  const tables = catalog.tables.map((table) => (table.adopted === undefined ? table : made(table, model)))
  return { catalog: { ...catalog, tables }, before: before.join('\n') }
}

/** With the defaults and numbers that it would have, had Rowhouse made it. */
function made({ adopted: _, ...table }: Table, model: Model): Table {
  const entity = model.entities.find(({ name }) => name === table.entity)!
  return { ...table, columns: columnsOf(entity, indexModel(model)) }
}

function viewText(view: View): string {
  const columns = view.adopted!.columns.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`)
  return `create table ${tableText(view)} (${columns.join(', ')});`
}
