import { quoteIdentifier } from '#base'
import type { Column, StoredValue, Table } from '../catalog/catalog.ts'
import { tableText } from '../render/render-table.ts'
import type { Change } from './change.ts'

interface Stored {
  readonly table: Table
  readonly column: Column & { readonly stored: StoredValue }
}

/**
 * What gives rows that are there the values of stored formulas that are new, or another formula by now, each behind what it follows from. The
 * owner sees rows only while row security does not bind it; triggers rest, for this is no change.
 */
export function storedFills(changes: readonly Change[]): readonly string[] {
  const changed = new Map(
    changes.flatMap((change): readonly (readonly [string, Stored])[] => {
      if (change.kind !== 'column' || change.to?.stored === undefined) return []
      if (change.from?.stored?.of === change.to.stored.of) return []
      const each = { table: change.table, column: { ...change.to, stored: change.to.stored } }
      return [[nameOf(each), each]]
    }),
  )
  const ordered = new Set<Stored>()
  const visit = (each: Stored): void => {
    for (const name of each.column.stored.follows) if (changed.has(name)) visit(changed.get(name)!)
    ordered.add(each)
  }
  for (const each of changed.values()) visit(each)
  return [...ordered].flatMap(fill)
}

/** Columns of formulas that are stored no longer: they go when no function and no policy reads them any more. */
export function storedDrops(changes: readonly Change[]): readonly string[] {
  return changes.flatMap((change) =>
    change.kind === 'column' && change.to === null && change.from?.stored !== undefined
      ? [`alter table ${tableText(change.table)} drop column ${quoteIdentifier(change.from.name)};`]
      : [],
  )
}

function nameOf({ table, column }: { readonly table: Table; readonly column: Column }): string {
  return `${tableText(table)}.${quoteIdentifier(column.name)}`
}

function fill({ table, column }: Stored): readonly string[] {
  const own = tableText(table)
  const { value, tables } = column.stored
  return [
    `alter table ${own} no force row level security, disable trigger user;`,
    ...tables.map((each) => `alter table ${each} no force row level security;`),
    `update ${own} t0 set ${quoteIdentifier(column.name)} = ${value};`,
    'set constraints all immediate;',
    ...tables.map((each) => `alter table ${each} force row level security;`),
    `alter table ${own} force row level security, enable trigger user;`,
  ]
}
