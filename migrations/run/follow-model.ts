import type { Client } from 'pg'
import { OperatorError } from '#base'
import { refuseAdoption } from '../adopt/refuse-adoption.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { connect } from '../connect/connect.ts'
import type { Change } from '../diff/change.ts'
import { diffCatalogs } from '../diff/diff-catalogs.ts'
import { renderAdditions } from '../diff/render-additions.ts'
import type { LiveCatalog } from '../read/live-catalog.ts'
import { roleWords } from '../read/role-words.ts'
import { replacePlaceholders } from '../roles/platform-roles.ts'
import { ensureRoleSets } from '../roles/role-sets.ts'
import { canonicalCatalog } from './canonical-catalog.ts'
import { readCatalogRecord } from './catalog-record.ts'
import { readCatalogSnapshot } from './catalog-snapshot.ts'
import { applyMigrations, type MigrateOptions, type MigrateResult, type Verified, verifyAndRecord } from './migrate.ts'
import { withMigrationLock } from './migration-lock.ts'

/** What following a model came to. */
export interface FollowResult extends MigrateResult {
  /** What differed between the database and the model. */
  readonly changes: readonly Change[]
  /** False when a change was destructive: then none was made, and the database is as the migrations left it. */
  readonly followed: boolean
}

/** How to follow a model. */
export interface FollowOptions extends MigrateOptions {
  /**
   * How long to wait for a table that requests use, in milliseconds; without an end when left out. Keep it under Postgres's `deadlock_timeout`, one second: then this
   * gives up, with 55P03 and nothing changed, where otherwise a request could be the one that is cancelled.
   */
  readonly tableLockTimeoutMs?: number
  /** What {@link expectCatalog} found meanwhile. */
  readonly expected?: Promise<LiveCatalog | null>
  /** Told what is about to be changed, before it is. */
  readonly onChanges?: (changes: readonly Change[]) => void
}

/**
 * For development: migrates, then brings the database from what it was recorded to be to what the model says now, as long as nothing
 * can be lost. Without committed migrations everything is an addition.
 *
 * @throws RECREATE_NEEDED when rows do not fit an addition after all; and what `migrate` throws
 */
export async function followModel(options: FollowOptions): Promise<FollowResult> {
  const client = await connect(options.migrateUrl, { applicationName: 'rowhouse dev' })
  try {
    if (options.tableLockTimeoutMs !== undefined)
      await client.query(`select set_config('lock_timeout', $1, false)`, [`${options.tableLockTimeoutMs}ms`])
    return await withMigrationLock(client, options, () => followLocked(client, options))
  } finally {
    await client.end().catch(() => undefined)
  }
}

/**
 * What a database will be when it has followed a model, in the words of its Postgres: half of the work, for which the model need not be there yet. Null where it
 * cannot be known so early, as when roles are missing.
 */
export async function expectCatalog({ migrateUrl, names, catalog }: MigrateOptions): Promise<LiveCatalog | null> {
  const client = await connect(migrateUrl, { applicationName: 'rowhouse dev' })
  try {
    return await canonicalCatalog(client, catalog, roleWords(names, catalog))
  } catch {
    return null
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function followLocked(client: Client, options: FollowOptions): Promise<FollowResult> {
  const words = roleWords(options.names, options.catalog)
  // First, for it moves the schemas aside that migrations look at.
  const expected = (await options.expected) ?? null
  await refuseAdoption(client, options.catalog, words)
  const result = await applyMigrations(client, options, words)
  const changes = diffCatalogs(await startingPoint(client, options, result), options.catalog)
  if (changes.some((change) => change.class === 'destructive')) return { ...result, changes, followed: false }
  if (changes.length > 0) options.onChanges?.(changes)
  await ensureRoleSets(client, options.names, options.roleSets ?? [])
  await makeChanges(client, { catalog: options.catalog, words, changes, expected })
  return { ...result, changes, followed: true }
}

// What was applied now leads to the snapshot; otherwise an earlier run may have followed the model further.
async function startingPoint(client: Client, options: MigrateOptions, result: MigrateResult): Promise<Catalog> {
  const record = result.applied.length > 0 ? null : await readCatalogRecord(client)
  return record?.catalog ?? (await readCatalogSnapshot(options.appFolder)) ?? emptyCatalog
}

const emptyCatalog: Catalog = { version: 1, app: '', roles: [], tables: [], functions: [] }

interface Made extends Verified {
  readonly changes: readonly Change[]
}

async function makeChanges(client: Client, { changes, ...what }: Made): Promise<void> {
  const change = replacePlaceholders(renderAdditions(changes), what.words.names)
  try {
    await verifyAndRecord(client, { ...what, change })
  } catch (error) {
    throw unfit(error)
  }
}

// Class 23: a row of the database breaks a constraint that came along.
function unfit(error: unknown): unknown {
  const { code = '', message = '' } = error as { readonly code?: string; readonly message?: string }
  if (!/^23...$/.test(code)) return error
  return new OperatorError(
    'RECREATE_NEEDED',
    `Rows of the database do not fit what the model says now: ${message}.`,
    'Nothing was changed. Mend the rows or the model, or make the database anew.',
  )
}
