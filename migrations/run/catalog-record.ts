import type { ClientBase } from 'pg'
import { canonicalHash, sql, toStatement, toText } from '#base'
import type { Catalog } from '../catalog/catalog.ts'
import type { LiveCatalog } from '../read/live-catalog.ts'
import { type Queryable, readRows } from '../read/read-rows.ts'
import type { RoleWords } from '../read/role-words.ts'
import type { AppliedMigration } from './run-committed.ts'

/** What the last run of the migrations left: table `rowhouse.catalog`, one row. */
export interface CatalogRecord {
  /** Lowered from the model. */
  readonly catalog: Catalog
  /** {@link catalogHash} of it. */
  readonly hash: string
  /** As read back, in the words of this Postgres. */
  readonly found: LiveCatalog
  readonly migrations: readonly AppliedMigration[]
  /** Major version of the Postgres that `found` was read from. */
  readonly postgres: number
  readonly applied_at: Date
}

/** Identifies a catalog: hexadecimal SHA-256 of its canonical form. */
export function catalogHash(catalog: Catalog): string {
  return canonicalHash(catalog)
}

/**
 * Makes the table when it is missing and lets the login of the server read it. It holds no row of the app, only what
 * `pg_catalog` tells everyone.
 *
 * @param client in a transaction, able to `set role` to the owner
 */
export async function ensureCatalogTable(client: Queryable, words: RoleWords): Promise<void> {
  const owner = sql.identifier(words.names.owner)
  const login = sql.identifier(words.names.login)
  await client.query(
    toText(sql`
    set local role ${owner};
    create table if not exists rowhouse.catalog (
      only_one boolean primary key default true check (only_one),
      catalog jsonb not null,
      hash text not null,
      found jsonb not null,
      migrations jsonb not null,
      postgres integer not null,
      applied_at timestamptz not null default now()
    );
    comment on table rowhouse.catalog is 'The catalog that the last migration left, to tell drift.';
    grant usage on schema rowhouse to ${login};
    grant select on rowhouse.catalog to ${login};
    reset role`),
  )
}

/** Replaces the record. @param client in a transaction, able to `set role` to the owner */
export async function writeCatalogRecord(
  client: ClientBase,
  words: RoleWords,
  record: Omit<CatalogRecord, 'hash' | 'postgres' | 'applied_at'>,
): Promise<void> {
  await client.query(toText(sql`set local role ${sql.identifier(words.names.owner)}`))
  const json = (value: unknown) => sql.value(JSON.stringify(value))
  const { text, values } = toStatement(sql`
    insert into rowhouse.catalog (catalog, hash, found, migrations, postgres)
    values (${json(record.catalog)}, ${sql.value(catalogHash(record.catalog))}, ${json(record.found)},
      ${json(record.migrations)}, ${postgresMajor})
    on conflict (only_one) do update set catalog = excluded.catalog, hash = excluded.hash, found = excluded.found,
      migrations = excluded.migrations, postgres = excluded.postgres, applied_at = excluded.applied_at`)
  await client.query(text, [...values])
  await client.query('reset role')
}

/** The record, or null when the database has none or the caller may not read it. */
export async function readCatalogRecord(client: Queryable): Promise<CatalogRecord | null> {
  const [present] = await readRows<{ readonly readable: boolean }>(
    client,
    sql`
    select coalesce(has_schema_privilege(n.oid, 'USAGE') and has_table_privilege(c.oid, 'SELECT'), false) as readable
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'rowhouse' and c.relname = 'catalog'`,
  )
  if (present?.readable !== true) return null
  const [record] = await readRows<CatalogRecord>(
    client,
    sql`select catalog, hash, found, migrations, postgres, applied_at from rowhouse.catalog`,
  )
  return record ?? null
}

/** Major version of the server that the connection talks to. */
export async function readPostgresMajor(client: Queryable): Promise<number> {
  const [row] = await readRows<{ readonly major: number }>(client, sql`select ${postgresMajor} as major`)
  return row!.major
}

const postgresMajor = sql`current_setting('server_version_num')::int / 10000`
