import { canonicalHash, fitIdentifier, type Sql, sql, toText } from '#base'
import { bareRow, keptSql, searchRole } from '#policies'
import { columnFields, type Entity, objectName, type Search } from '#schema'
import type { Column, Index, Policy, Table } from './catalog.ts'
import { keyColumns } from './constraints.ts'

/** An entity whose rows are looked for by words. */
export type Searched = Entity & { readonly search: Search }

/** True where rows are looked for by words. */
export function isSearched(entity: Entity): entity is Searched {
  return entity.search !== null
}

/**
 * Column that holds the words of a row. Its name follows from what they are taken from: other fields, weights or another language are
 * another column, as Postgres before 17 cannot change what one is computed from.
 */
export function searchColumn({ search }: Searched): string {
  return `search__${canonicalHash(search).slice(0, 8)}`
}

/** Adds the column of the words, which Postgres fills, and the index by which rows are found. Faces have the column too. */
export function withSearchColumn(entity: Entity, table: Table): Table {
  if (!isSearched(entity)) return table
  const indexes = [...table.indexes, searchIndex(entity)]
  return {
    ...table,
    columns: [...table.columns, wordsColumn(entity)],
    indexes: indexes.sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** Lets the functions that find rows see those that hold the words asked for, and no others. */
export function searchable(entity: Entity, table: Table): Table {
  if (!isSearched(entity)) return table
  const grant = { to: searchRole, privilege: 'select', columns: null } as const
  return {
    ...table,
    policies: [...table.policies, ...searchPolicies(entity)].sort((a, b) => (a.name < b.name ? -1 : 1)),
    grants: [...table.grants, grant].sort((a, b) => (`${a.to} ${a.privilege}` < `${b.to} ${b.privilege}` ? -1 : 1)),
  }
}

/** Name of the index by which rows are found. */
export function searchIndexName(entity: Entity): string {
  return fitIdentifier(`${objectName(entity)}_search_idx`)
}

/** With it a GIN index leads with the tenant. */
export const searchExtension = 'btree_gin'

/** True for an index of words that leads with the tenant. */
export function isSearchWithTenant({ using, keys }: Index): boolean {
  return using === 'gin' && keys.length > 1 && /^"?search__[0-9a-f]{8}"?$/.test(keys.at(-1)!)
}

/** The words of a row, each with where it stands and what it counts. */
function wordsColumn(entity: Searched): Column {
  const { language, fields } = entity.search
  const columns = new Map(columnFields(entity).map(({ name, column }) => [name, column]))
  const parts = fields.map(({ name, weight }) => {
    const text = sql`coalesce(${sql.identifier(columns.get(name)!)}, '')`
    const words = sql`to_tsvector(${sql.literal(`pg_catalog.${language}`)}::regconfig, ${text})`
    return sql`setweight(${words}, ${sql.literal(weight)})`
  })
  const all = toText(sql.join(parts, ' || '))
  return { name: searchColumn(entity), type: 'tsvector', notNull: false, default: all, generated: true, comment: null }
}

/**
 * Leads with the tenant, by operators of the extension `btree_gin`: else a word that many tenants use is read with all of their rows.
 * Removed rows are not in it.
 */
function searchIndex(entity: Searched): Index {
  const kept = toText(keptSql(entity, bareRow))
  const keys = keyColumns(entity, searchColumn(entity)).map((column) => toText(sql.identifier(column)))
  return { name: searchIndexName(entity), unique: false, keys, where: kept === 'true' ? null : kept, using: 'gin' }
}

/**
 * Postgres uses an index for `@@`, which is not leakproof, only where no other row security comes before it: here it is row security
 * itself, of a role of its own. Restrictive policies are asked in order of their names, and "search" comes before "tenant", whose
 * comparison is leakproof and may go first all the same. Whoever sets `rowhouse.search` by itself sees nothing by it: nobody becomes the role.
 */
function searchPolicies(entity: Searched): readonly Policy[] {
  const asked: Sql = sql`(select nullif(current_setting('rowhouse.search', true), '')::tsquery)`
  const common = { command: 'select', roles: [searchRole], check: null } as const
  return [
    {
      ...common,
      name: 'search',
      permissive: false,
      using: toText(sql`${sql.identifier(searchColumn(entity))} @@ ${asked}`),
      comment: 'Rows that hold the words asked for.',
    },
    {
      ...common,
      name: 'searched',
      permissive: true,
      using: 'true',
      comment: 'Functions that find rows by words see those of the tenant.',
    },
  ]
}
