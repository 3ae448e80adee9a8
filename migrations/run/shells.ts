import { randomBytes } from 'node:crypto'
import { quoteIdentifier } from '#base'
import type { Catalog } from '../catalog/catalog.ts'
import type { LiveCatalog } from '../read/live-catalog.ts'
import { adoptedOf, renderSchemaUse } from '../render/render-adoption.ts'
import { renderCatalog } from '../render/render-catalog.ts'
import { isBehindPolicies } from '../render/render-view.ts'

/** A catalog whose adopted tables stand in schemas of their own, for a moment, made as the model says. */
export interface Shells {
  /** SQL that makes all of it but views that no policy reads, with role placeholders. */
  readonly text: string
  readonly catalog: Catalog
  /** The same facts with the names of the real schemas. */
  restore(found: LiveCatalog): LiveCatalog
}

/**
 * Empty tables in place of the adopted ones, so that Postgres can say everything that hangs on them in its own words without
 * a lock on the real ones. The names of their schemas occur nowhere else.
 */
export function shellsOf(catalog: Catalog): Shells {
  const adopted = adoptedOf(catalog.tables)
  if (adopted.length === 0) return { text: renderCatalog(plainOf(catalog)), catalog, restore: (found) => found }
  const schemas = [...new Set(adopted.map(({ schema }) => schema))]
  const shells = new Map(schemas.map((schema) => [schema, `shell_${randomBytes(8).toString('hex')}`]))
  const moved = catalog.tables.map((table) => ({ ...table, schema: shells.get(table.schema) ?? table.schema }))
  const plain = renderCatalog(plainOf({ ...catalog, tables: catalog.tables.map(({ adopted: _, ...table }) => table) }))
  const text = adopted.reduce(
    (sqlText, { schema, name }) =>
      sqlText.replaceAll(`${quoteIdentifier(schema)}.${quoteIdentifier(name)}`, (whole) =>
        whole.replace(quoteIdentifier(schema), () => quoteIdentifier(shells.get(schema)!)),
      ),
    plain,
  )
  const made = [...shells.values()].map((shell) => `create schema ${shell} authorization ":OWNER";`)
  // What adoption grants on the real schemas is part of what should be there.
  const used = schemas.flatMap((schema) => [
    renderSchemaUse(schema),
    `grant usage on schema ${shells.get(schema)} to ":PRIVATE", ":MEMBER", ":ANONYMOUS";`,
  ])
  return {
    text: [...made, ...used, text].join('\n'),
    catalog: { ...catalog, tables: moved },
    restore: (found) => restored(found, shells),
  }
}

/** Views are made by themselves, because what is wrong with one is told in a way of its own: all but those that policies read. */
function plainOf({ views = [], ...catalog }: Catalog): Catalog {
  return { ...catalog, views: views.filter(isBehindPolicies) }
}

function restored(found: LiveCatalog, shells: ReadonlyMap<string, string>): LiveCatalog {
  const real = new Map([...shells].map(([schema, shell]) => [shell, schema]))
  const tables = found.tables.map((table) => ({ ...table, schema: real.get(table.schema) ?? table.schema }))
  let text = JSON.stringify({ ...found, tables })
  for (const [schema, shell] of shells) {
    const quoted = /^[a-z_][a-z0-9_]*$/.test(schema) ? schema : quoteIdentifier(schema)
    text = text.replaceAll(shell, () => JSON.stringify(quoted).slice(1, -1))
  }
  return JSON.parse(text)
}
