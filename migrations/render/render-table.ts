import { quoteIdentifier, quoteLiteral } from '#base'
import type { Column, Constraint, Index, Table } from '../catalog/catalog.ts'

/** The table with its columns, and what its author says of them. Keys and checks are added by {@link renderConstraint}. */
export function renderTable(table: Table): string {
  const inline = table.constraints.filter((constraint) => constraint.kind !== 'foreign').map(constraintText)
  const lines = [...table.columns.map(columnText), ...inline].map((line) => `  ${line}`).join(',\n')
  const comments = table.constraints
    .filter(({ kind }) => kind !== 'foreign')
    .flatMap((one) => constraintComment(table, one))
  return [`create table ${tableText(table)} (\n${lines}\n);`, ...renderTableComments(table), ...comments].join('\n')
}

/** A column as `alter table … add column`. */
export function renderColumn(table: Table, column: Column): string {
  return `alter table ${tableText(table)} add column ${columnText(column)};`
}

/** Comments on the table and its columns. */
function renderTableComments(table: Table): readonly string[] {
  const columns = table.columns.filter((column) => column.comment !== null)
  return [
    ...(table.comment === null ? [] : [`comment on table ${tableText(table)} is ${quoteLiteral(table.comment)};`]),
    ...columns.map(
      (column) =>
        `comment on column ${tableText(table)}.${quoteIdentifier(column.name)} is ${quoteLiteral(column.comment)};`,
    ),
  ]
}

/** A key or check as `alter table … add constraint`. */
export function renderConstraint(table: Table, constraint: Constraint): string {
  const add = `alter table ${tableText(table)} add ${constraintText(constraint)};`
  return [add, ...constraintComment(table, constraint)].join('\n')
}

function constraintComment(table: Table, { name, comment }: Constraint): readonly string[] {
  if (comment === undefined) return []
  return [`comment on constraint ${quoteIdentifier(name)} on ${tableText(table)} is ${quoteLiteral(comment)};`]
}

/** An index. */
export function renderIndex(table: Table, index: Index): string {
  const where = index.where === null ? '' : ` where ${index.where}`
  const unique = index.unique ? 'unique ' : ''
  const using = index.using === undefined ? '' : ` using ${index.using}`
  const include = index.include === undefined ? '' : ` include (${index.include.join(', ')})`
  const nulls = index.nullsEqual === true ? ' nulls not distinct' : ''
  return `create ${unique}index ${quoteIdentifier(index.name)} on ${tableText(table)}${using} (${index.keys.join(', ')})${include}${nulls}${where};`
}

/** The table's quoted name. */
export function tableText(table: { readonly schema: string; readonly name: string }): string {
  return `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`
}

function columnText(column: Column): string {
  const notNull = column.notNull ? ' not null' : ''
  const value = column.default === null ? '' : ` default ${column.default}`
  return `${quoteIdentifier(column.name)} ${column.type}${notNull}${value}`
}

function constraintText(constraint: Constraint): string {
  return `constraint ${quoteIdentifier(constraint.name)} ${constraint.definition}`
}
