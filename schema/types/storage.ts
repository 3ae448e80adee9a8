import type { ColumnOptions } from './field-options.ts'

/** Type of `id`: numbers are given by Postgres. */
export type IdType = 'uuid' | 'int64' | 'int32' | 'int16'

/** An `id` in a column of another name. */
export interface IdOptions {
  /** Name of the column. Default: `id`. */
  readonly column?: string
  /** What the ids are. */
  readonly type: IdType
}

/** Columns of what Rowhouse keeps by itself; `false`: not kept. */
export interface BuiltInColumns {
  /** When the row was made. */
  readonly createdAt?: string | ColumnOptions | false
  /** When it was last changed. */
  readonly updatedAt?: string | ColumnOptions | false
  /** Without it rows are deleted, never removed. */
  readonly deletedAt?: string | ColumnOptions | false
}

/** A table that was there before. */
export interface AdoptOptions {
  /** With its schema: `public.customers`. */
  readonly table: string
  /** Triggers of the table that stay. */
  readonly triggers?: readonly string[]
}

/** A view that was there before: its rows are read alone. Needs `key`. */
export interface AdoptViewOptions {
  /** With its schema: `reporting.sales_by_store`. */
  readonly view: string
}

/** Where an adopted table says whose a row is. */
export interface TenantColumn {
  /** Name of the column that holds the id of the tenant. */
  readonly column: string
  /** The primary key begins with the column. */
  readonly inKey?: true
  /** Accepts unique keys of the table that do not hold the column: a tenant is told CONFLICT for what another has. */
  readonly keys?: 'global'
}
