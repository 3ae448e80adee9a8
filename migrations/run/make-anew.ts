import type { Client } from 'pg'
import { refuseAdoption } from '../adopt/refuse-adoption.ts'
import { connect } from '../connect/connect.ts'
import { roleWords } from '../read/role-words.ts'
import { renderCatalog } from '../render/render-catalog.ts'
import { ensureRoles } from '../roles/ensure-roles.ts'
import { replacePlaceholders } from '../roles/platform-roles.ts'
import { ensureRoleSets } from '../roles/role-sets.ts'
import { migrateSystem } from '../system/migrate-system.ts'
import { ensureExtensions } from './ensure-extensions.ts'
import { graphileMigrate } from './graphile-migrate.ts'
import { type MigrateOptions, verifyAndRecord } from './migrate.ts'
import { withMigrationLock } from './migration-lock.ts'
import { committedMigrations, settingsFor } from './run-committed.ts'

/**
 * For development: brings an empty database to what the model says, without running the committed migrations, which may say something else by
 * now. They are remembered as applied, so that the next start goes on from here.
 *
 * @throws MIGRATION_TAMPERED, MIGRATION_BUSY, MIGRATOR_LACKS_RIGHTS, and what `connect` throws
 */
export async function makeAnew(options: MigrateOptions): Promise<void> {
  const client = await connect(options.migrateUrl, { applicationName: 'rowhouse dev' })
  try {
    await withMigrationLock(client, options, () => makeLocked(client, options))
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function makeLocked(client: Client, options: MigrateOptions): Promise<void> {
  const { names, catalog, loginPassword = null, provisioner = null } = options
  const words = roleWords(names, catalog)
  await refuseAdoption(client, catalog, words)
  await ensureRoles(client, { names, roles: catalog.roles, password: loginPassword, provisioner })
  await migrateSystem(client, names)
  await ensureExtensions(client, catalog)
  await ensureRoleSets(client, names, options.roleSets ?? [])
  const settings = await settingsFor(client, { appFolder: options.appFolder, words })
  // Makes graphile-migrate's schema.
  await graphileMigrate.getLastMigration(client, settings)
  for (const { hash, previousHash, filename } of await committedMigrations(settings)) {
    await client.query(
      'insert into graphile_migrate.migrations (hash, previous_hash, filename) values ($1, $2, $3) on conflict do nothing',
      [hash, previousHash, filename],
    )
  }
  await verifyAndRecord(client, { catalog, words, change: replacePlaceholders(renderCatalog(catalog), names) })
}
