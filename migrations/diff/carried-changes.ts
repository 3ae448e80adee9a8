import { quoteIdentifier } from '#base'
import type { CarriedFrom, Column, Table } from '../catalog/catalog.ts'
import { columnText, tableText } from '../render/render-table.ts'
import type { Change } from './change.ts'

interface Carried {
  readonly table: Table
  readonly column: Column & { readonly carried: CarriedFrom }
}

/**
 * Carried columns that a table with rows is given: each is filled from the rows that it is copied from, then required. The owner sees rows
 * only while row security does not bind it; triggers rest meanwhile, for a copy is no change. Its table is locked until the commit.
 */
export function carriedAdditions(changes: readonly Change[]): readonly string[] {
  const added = changes.flatMap((change): readonly Carried[] => {
    if (change.kind !== 'column' || change.from !== null || change.to?.carried === undefined) return []
    return [{ table: change.table, column: { ...change.to, carried: change.to.carried } }]
  })
  return inOrder(added).flatMap(addition)
}

/** Carried columns that no rule and no `same` asks for any more, and what Postgres computes of columns that stay. */
export function carriedDrops(changes: readonly Change[]): readonly string[] {
  return changes.flatMap((change) =>
    change.kind === 'column' &&
    change.to === null &&
    (change.from?.carried !== undefined || change.from?.generated === true)
      ? [`alter table ${tableText(change.table)} drop column ${quoteIdentifier(change.from.name)};`]
      : [],
  )
}

/** What is copied from a carried column comes after it. */
function inOrder(added: readonly Carried[]): readonly Carried[] {
  const ordered: Carried[] = []
  const visit = (each: Carried): void => {
    if (ordered.includes(each)) return
    const { carried } = each.column
    const source = added.find(
      ({ table, column }) => tableText(table) === sourceTable(carried) && column.name === carried.column,
    )
    if (source !== undefined) visit(source)
    ordered.push(each)
  }
  for (const each of added) visit(each)
  return ordered
}

function addition({ table, column }: Carried): readonly string[] {
  const { carried } = column
  const [own, from] = [tableText(table), sourceTable(carried)]
  const name = quoteIdentifier(column.name)
  return [
    `alter table ${own} add column ${columnText({ ...column, notNull: false })};`,
    `alter table ${own} no force row level security, disable trigger user;`,
    `alter table ${from} no force row level security;`,
    `update ${own} t0 set ${name} = t1.${quoteIdentifier(carried.column)} from ${from} t1`,
    `  where t1."tenant_id" = t0."tenant_id" and t1.${quoteIdentifier(carried.key)} = t0.${quoteIdentifier(carried.by)};`,
    'set constraints all immediate;',
    `alter table ${from} force row level security;`,
    `alter table ${own} alter column ${name} set not null, force row level security, enable trigger user;`,
  ]
}

function sourceTable({ schema, table }: CarriedFrom): string {
  return tableText({ schema, name: table })
}
