import type { Catalog } from '../catalog/catalog.ts'

/**
 * What a database holds, in the words of the catalog. Platform objects are among the tables and functions; `entity` of
 * a table is empty, because Postgres does not know it.
 */
export interface LiveCatalog extends Catalog {
  /** Everything found that the catalog has no word for: a disabled trigger, a view, an option. Sorted. */
  readonly extras: readonly Extra[]
}

/** A fact about an object that a catalog cannot say. */
export interface Extra {
  /** `view`, `trigger`, `role`, … */
  readonly kind: string
  /** `app.order`, `app.order order_number_check`, `:ROLE_SALES`. */
  readonly object: string
  /** `is disabled`, `has option fillfactor=50`. */
  readonly what: string
}

/** Schemas that Rowhouse owns. */
export const ownSchemas = ['app', 'rowhouse', 'rowhouse_private', 'rowhouse_queue'] as const
