import type { ColumnOptions } from './field-options.ts'

/** Type of `id`: numbers are given by Postgres. */
export type IdType = 'uuid' | 'int64' | 'int32' | 'int16'

/** An `id` in a column of another name. */
export interface IdOptions {
  readonly column?: string
  readonly type: IdType
}

/** Columns of what Rowhouse keeps by itself; `false`: not kept. */
export interface BuiltInColumns {
  readonly createdAt?: string | ColumnOptions | false
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

/** Where an adopted table says whose a row is. */
export interface TenantColumn {
  readonly column: string
  /** The primary key begins with the column. */
  readonly inKey?: true
}
