import type { Client } from 'pg'
import { OperatorError } from '#base'
import { refuseAdoption } from '../adopt/refuse-adoption.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { connect } from '../connect/connect.ts'
import { inTransaction } from '../connect/in-transaction.ts'
import { describeChanges } from '../diff/describe-changes.ts'
import { diffCatalogs } from '../diff/diff-catalogs.ts'
import { compareCatalogs, type Difference, formatDifference } from '../read/compare-catalogs.ts'
import type { LiveCatalog } from '../read/live-catalog.ts'
import { readCatalogHere } from '../read/read-catalog.ts'
import { type RoleWords, roleWords } from '../read/role-words.ts'
import { isBehindPolicies } from '../render/render-view.ts'
import { ensureRoles } from '../roles/ensure-roles.ts'
import type { PlatformRoles } from '../roles/platform-roles.ts'
import { ensureRoleSets } from '../roles/role-sets.ts'
import { migrateSystem } from '../system/migrate-system.ts'
import { canonicalCatalog } from './canonical-catalog.ts'
import { catalogHash, ensureCatalogTable, writeCatalogRecord } from './catalog-record.ts'
import { readCatalogSnapshot } from './catalog-snapshot.ts'
import { ensureExtensions } from './ensure-extensions.ts'
import { goneMarkers } from './gone-markers.ts'
import { type LockOptions, withMigrationLock } from './migration-lock.ts'
import { appliedMigrations, runCommittedMigrations } from './run-committed.ts'

/** What to migrate, and to what. */
export interface MigrateOptions extends LockOptions {
  /** Absolute path of the app; its migrations are in `migrations/`, in graphile-migrate's layout. */
  readonly appFolder: string
  /** URL as the migrator: a login with CREATEROLE that owns the database. */
  readonly migrateUrl: string
  readonly names: PlatformRoles
  /** Lowered from the model as it is now: what the migrations must lead to. */
  readonly catalog: Catalog
  /** Combinations of app roles whose role sets are made ahead. */
  readonly roleSets?: readonly (readonly string[])[]
  /** Password of the login of the server; null or left out: it stays as it is. */
  readonly loginPassword?: string | null
  /** Login of the provisioner, when there is one. */
  readonly provisioner?: string | null
}

/** What a run did. */
export interface MigrateResult {
  /** Files of the platform that were applied now. */
  readonly system: readonly string[]
  /** Committed migrations of the app that were applied now. */
  readonly applied: readonly string[]
}

/**
 * Brings a database to what the app's committed migrations say: roles, the platform's SQL, the migrations, role sets; checks that the result
 * is the catalog of the model, and records it. Safe to run again, also after a killed run, and by several at once: the others wait.
 *
 * @throws DATABASE_UNMIGRATED when the model changed without a migration; nothing is applied then
 * @throws MIGRATION_FAILED, MIGRATION_TAMPERED, MIGRATION_BUSY, MIGRATOR_LACKS_RIGHTS, and what `connect` throws
 * @throws ADOPTION_REFUSED when a table that the model adopts cannot be taken over; nothing is applied then
 * @throws DATABASE_DRIFTED when the database is not what the model says after all migrations
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const client = await connect(options.migrateUrl, { applicationName: 'rowhouse migrate' })
  try {
    return await withMigrationLock(client, options, () => migrateLocked(client, options))
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function migrateLocked(client: Client, options: MigrateOptions): Promise<MigrateResult> {
  await refuseMissingMigration(options)
  const words = roleWords(options.names, options.catalog)
  await refuseAdoption(client, options.catalog, words)
  const result = await applyMigrations(client, options, words)
  await ensureRoleSets(client, options.names, options.roleSets ?? [])
  await verifyAndRecord(client, { catalog: options.catalog, words })
  return result
}

// Said before anything is touched: what the migrations lead to is known without a database.
async function refuseMissingMigration({ appFolder, catalog }: MigrateOptions): Promise<void> {
  const snapshot = await readCatalogSnapshot(appFolder)
  // Names of roles are none of a migration's business, so an app takes its migrations along under another name.
  if (snapshot === null || catalogHash({ ...snapshot, app: catalog.app }) === catalogHash(catalog)) return
  throw new OperatorError(
    'DATABASE_UNMIGRATED',
    `The model says what no committed migration does: ${describeChanges(diffCatalogs(snapshot, catalog))}.`,
    'Write a migration for it; nothing was applied.',
  )
}

/** Roles, the platform's SQL, and the committed migrations. @param client the migrator's, holding the migration lock */
export async function applyMigrations(
  client: Client,
  options: MigrateOptions,
  words: RoleWords,
): Promise<MigrateResult> {
  const { names, catalog, appFolder } = options
  const roles = [...(await goneMarkers(appFolder, catalog)), ...catalog.roles]
  await ensureRoles(client, {
    names,
    roles,
    password: options.loginPassword ?? null,
    provisioner: options.provisioner ?? null,
  })
  const system = await migrateSystem(client, names)
  await ensureExtensions(client, catalog)
  // Said before the migration trips over it, and in better words.
  if (catalog.views?.some((view) => !isBehindPolicies(view)) === true) await canonicalCatalog(client, catalog, words)
  const applied = await runCommittedMigrations(client, { appFolder, words: roleWords(names, { roles }) })
  return { system, applied }
}

/** What a database is brought to. */
export interface Verified {
  readonly catalog: Catalog
  readonly words: RoleWords
  /** SQL with the real names of roles; default: there is nothing to do. */
  readonly change?: string
  /** The catalog in the words of Postgres, where somebody has it already. */
  readonly expected?: LiveCatalog | null
}

/**
 * Makes a last change, holds the database against the catalog, and records both: one transaction, all or nothing.
 *
 * @param client the migrator's, not in a transaction
 * @throws DATABASE_DRIFTED with every difference; nothing is changed or recorded then
 */
export async function verifyAndRecord(
  client: Client,
  { catalog, words, change = '', ...known }: Verified,
): Promise<void> {
  const expected = known.expected ?? (await canonicalCatalog(client, catalog, words))
  await inTransaction(client, async () => {
    if (change !== '') await client.query(change)
    await ensureCatalogTable(client, words)
    const migrations = await appliedMigrations(client)
    const found = await readCatalogHere(client, words, catalog)
    const differences = compareCatalogs(expected, found)
    if (differences.length > 0) throw drifted(differences)
    await writeCatalogRecord(client, words, { catalog, found, migrations })
  })
}

const mostListed = 20

function drifted(differences: readonly Difference[]): OperatorError {
  const lines = differences.slice(0, mostListed).map((one) => `  ${formatDifference(one)}`)
  const more = differences.length - lines.length
  if (more > 0) lines.push(`  and ${more} more`)
  return new OperatorError(
    'DATABASE_DRIFTED',
    `The database is not what the model says, although all committed migrations are applied:\n${lines.join('\n')}`,
    'Either the model changed without a migration, or somebody changed the database by hand: write the migration, or undo the change.',
  )
}
