import type {
  Catalog,
  CatalogRole,
  Column,
  Constraint,
  DatabaseFunction,
  Grant,
  Index,
  Policy,
  Table,
  Trigger,
  View,
} from '../catalog/catalog.ts'

/** One thing that a catalog puts into Postgres. */
export type CatalogObject =
  | { readonly kind: 'role'; readonly role: CatalogRole }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'column'; readonly table: Table; readonly column: Column }
  | { readonly kind: 'constraint'; readonly table: Table; readonly constraint: Constraint }
  | { readonly kind: 'index'; readonly table: Table; readonly index: Index }
  | { readonly kind: 'policy'; readonly table: Table; readonly policy: Policy }
  | { readonly kind: 'grant'; readonly table: Table; readonly grant: Grant }
  | { readonly kind: 'trigger'; readonly table: Table; readonly trigger: Trigger }
  | { readonly kind: 'function'; readonly function: DatabaseFunction }
  | { readonly kind: 'view'; readonly view: View }

/** Everything in a catalog: roles, each table with what hangs on it, functions, views. */
export function objectsOf(catalog: Catalog): readonly CatalogObject[] {
  return [
    ...catalog.roles.map((role) => ({ kind: 'role', role }) as const),
    ...catalog.tables.flatMap(objectsOfTable),
    ...catalog.functions.map((each) => ({ kind: 'function', function: each }) as const),
    ...(catalog.views ?? []).map((view) => ({ kind: 'view', view }) as const),
  ]
}

/** A table and what hangs on it. */
export function objectsOfTable(table: Table): readonly CatalogObject[] {
  return [
    { kind: 'table', table },
    ...table.columns.map((column) => ({ kind: 'column', table, column }) as const),
    ...table.constraints.map((constraint) => ({ kind: 'constraint', table, constraint }) as const),
    ...table.indexes.map((index) => ({ kind: 'index', table, index }) as const),
    ...table.policies.map((policy) => ({ kind: 'policy', table, policy }) as const),
    ...table.grants.map((grant) => ({ kind: 'grant', table, grant }) as const),
    ...table.triggers.map((trigger) => ({ kind: 'trigger', table, trigger }) as const),
  ]
}

/**
 * What an object is called within the database: `order`, `order.customer_id`, `order_customer_fkey`, `order.tenant` (policies and
 * triggers have the name space of their table), `order.select.:ROLE_SALES`, `remove_order`, `:ROLE_SALES`.
 */
export function nameOfObject(object: CatalogObject): string {
  switch (object.kind) {
    case 'role':
      return object.role.name
    case 'table':
      return object.table.name
    case 'column':
      return `${object.table.name}.${object.column.name}`
    case 'constraint':
      return object.constraint.name
    case 'index':
      return object.index.name
    case 'policy':
      return `${object.table.name}.${object.policy.name}`
    case 'grant':
      return `${object.table.name}.${object.grant.privilege}.${object.grant.to}`
    case 'trigger':
      return `${object.table.name}.${object.trigger.name}`
    case 'function':
      return object.function.name
    case 'view':
      return object.view.name
  }
}
