import { type Sql, sql, toText } from '#base'
import { columnOf, type ModelIndex } from '#policies'
import type { Index as DeclaredIndex, Entity } from '#schema'
import type { Index } from './catalog.ts'
import { keyColumns } from './constraints.ts'

/**
 * Method and keys of a declared index. Ordered ones lead with the tenant. The others have one column for hash, no order of
 * uuids for blocks, and no operators of uuids without a further extension, so the tenant is left out there.
 */
export function accessOf(entity: Entity, declared: DeclaredIndex, index: ModelIndex): Pick<Index, 'keys' | 'using'> {
  const columns = declared.on.map(({ name }) => sql.identifier(columnOf(entity, name, index).column))
  const tenant = keyColumns(entity).map((column) => sql.identifier(column))
  switch (declared.using) {
    case 'btree': {
      const keys = columns.map((key, at) => (declared.on[at]!.descending ? sql`${key} desc` : key))
      return { keys: texts([...tenant, ...keys]) }
    }
    case 'trigram':
      return { keys: texts(columns.map((key) => sql`${key} public.gin_trgm_ops`)), using: 'gin' }
    case 'hash':
    case 'gin':
    case 'gist':
    case 'brin':
      return { keys: texts(columns), using: declared.using }
  }
}

function texts(keys: readonly Sql[]): readonly string[] {
  return keys.map(toText)
}
