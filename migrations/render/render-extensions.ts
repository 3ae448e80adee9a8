import type { Table } from '../catalog/catalog.ts'
import { exclusionExtension } from '../catalog/exclusions.ts'
import { isSearchWithTenant, searchExtension } from '../catalog/search.ts'

/** Makes the extensions that the indexes and constraints of some tables need. Trusted: whoever may create in the database may make them. */
export function extensionsOf(tables: readonly Table[]): readonly string[] {
  return neededExtensions(tables).map(createExtension)
}

/** Names of the extensions that the indexes and constraints of some tables need. */
export function neededExtensions(tables: readonly Table[]): readonly string[] {
  const keys = tables.flatMap(({ indexes }) => indexes).flatMap((index) => index.keys)
  const isTrigram = keys.some((key) => key.endsWith(' public.gin_trgm_ops'))
  const searches = tables.some(({ indexes }) => indexes.some(isSearchWithTenant))
  const excludes = tables.some((table) => table.constraints.some(({ kind }) => kind === 'exclude'))
  return [
    ...(isTrigram ? ['pg_trgm'] : []),
    ...(searches ? [searchExtension] : []),
    ...(excludes ? [exclusionExtension] : []),
  ]
}

/** One extension, in the schema that every database has; as the migrator, nothing where it is there. */
export function createExtension(name: string): string {
  return `create extension if not exists ${name} with schema public;`
}
