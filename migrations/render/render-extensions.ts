import type { Table } from '../catalog/catalog.ts'

/** Extensions that the indexes of some tables need. Trusted: whoever may create in the database may make them. */
export function extensionsOf(tables: readonly Table[]): readonly string[] {
  const keys = tables.flatMap(({ indexes }) => indexes).flatMap((index) => index.keys)
  const isTrigram = keys.some((key) => key.endsWith(' public.gin_trgm_ops'))
  return isTrigram ? ['create extension if not exists pg_trgm with schema public;'] : []
}
