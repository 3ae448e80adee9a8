import { quoteIdentifier, quoteLiteral } from '#base'
import type { RoleName, Table } from '../catalog/catalog.ts'
import { roleText } from './render-fence.ts'
import { tableText } from './render-table.ts'

/** The tables that were there before. */
export function adoptedOf(tables: readonly Table[]): readonly Table[] {
  return tables.filter((table) => table.adopted !== undefined)
}

/**
 * Takes tables over, as the migrator: their schemas may be used by the app's roles, the tables belong to the owner. Whoever owned
 * them has no right to them any more. Safe to run again.
 */
export function renderAdoption(tables: readonly Table[]): readonly string[] {
  const adopted = adoptedOf(tables)
  const schemas = [...new Set(adopted.map(({ schema }) => schema))].sort()
  return schemas.flatMap((schema) => [
    renderSchemaUse(schema),
    // A new owner must be able to create where its table is; only for that moment.
    `grant create on schema ${quoteIdentifier(schema)} to ":OWNER";`,
    ...adopted
      .filter((table) => table.schema === schema)
      .map((table) => `alter table ${tableText(table)} owner to ${roleText(table.owner)};`),
    `revoke create on schema ${quoteIdentifier(schema)} from ":OWNER";`,
  ])
}

/** Lets the app's roles find tables in a schema that Rowhouse did not make. */
export function renderSchemaUse(schema: string): string {
  return `grant usage on schema ${quoteIdentifier(schema)} to ":OWNER", ":PRIVATE", ":MEMBER", ":ANONYMOUS";`
}

/**
 * Lets those who may make rows take the next number of `serial` columns, whose default runs with the rights of whoever inserts.
 * Which sequences there are only the database knows.
 */
export function renderSequenceUse(table: Table): readonly string[] {
  const makers = [...new Set(table.grants.filter(({ privilege }) => privilege === 'insert').map(({ to }) => to))]
  if (table.adopted === undefined || makers.length === 0) return []
  const roles = makers.map((role: RoleName) => roleText(role)).join(', ')
  return [
    `do $adopt$
declare
  sequence regclass;
begin
  for sequence in
    select d.objid::regclass from pg_catalog.pg_depend d join pg_catalog.pg_class c on c.oid = d.objid and c.relkind = 'S'
    where d.refobjid = ${quoteLiteral(tableText(table))}::regclass and d.deptype = 'a' and d.classid = 'pg_catalog.pg_class'::regclass
  loop
    execute pg_catalog.format('grant usage on sequence %s to ${roles}', sequence);
  end loop;
end
$adopt$;`,
  ]
}
