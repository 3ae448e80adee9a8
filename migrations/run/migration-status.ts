import type { ClientBase } from 'pg'
import { OperatorError } from '#base'
import type { Catalog } from '../catalog/catalog.ts'
import { describeChanges } from '../diff/describe-changes.ts'
import { diffCatalogs } from '../diff/diff-catalogs.ts'
import { compareCatalogs, type Difference, formatDifference } from '../read/compare-catalogs.ts'
import { readCatalog } from '../read/read-catalog.ts'
import { isTheirs } from '../render/render-adopted-view.ts'
import { type CatalogRecord, catalogHash, readCatalogRecord, readPostgresMajor } from './catalog-record.ts'
import { repairSql } from './repair-sql.ts'
import { type CommittedOptions, committedMigrations, settingsFor, tampering } from './run-committed.ts'

/** How a database stands to the migrations and to the model. */
export interface MigrationStatus {
  /** `unmigrated`: something has not been applied. `drifted`: somebody changed the database, or an applied file. */
  readonly state: 'current' | 'unmigrated' | 'drifted'
  /** Why, one sentence each; empty when current. */
  readonly reasons: readonly string[]
  readonly differences: readonly Difference[]
  /** SQL that undoes each difference, in the same order; an empty list where none can. */
  readonly repairs: readonly (readonly string[])[]
}

/** What to hold the database against. */
export interface StatusOptions extends CommittedOptions {
  /** Lowered from the model as it is now. */
  readonly catalog: Catalog
}

/**
 * Tells whether a database is what the committed migrations and the model say, reading alone: the server's login may call it.
 *
 * @param client not in a transaction
 */
export async function migrationStatus(client: ClientBase, options: StatusOptions): Promise<MigrationStatus> {
  const record = await readCatalogRecord(client)
  if (record === null)
    return unmigrated(['The database has never been migrated, or this login may not see that it was.'])
  const files = await filesStatus(client, options, record)
  if (files !== null) return files
  if (record.hash !== catalogHash(options.catalog))
    return unmigrated([`The model has changed since the database was migrated: ${changesSince(record, options)}.`])
  const major = await readPostgresMajor(client)
  if (major !== record.postgres)
    return unmigrated([`The database was migrated on Postgres ${record.postgres} and now runs on ${major}.`])
  const differences = compareCatalogs(record.found, await readCatalog(client, options.words, options.catalog))
  const source = { left: record.found, generated: record.catalog, words: options.words }
  return driftStatus(
    differences,
    differences.map((one) => (comesWithItsView(one, differences, record.catalog) ? [] : repairSql(one, source))),
  )
}

/** A view that is made anew comes with its grants; a fence cannot be made while the view of others behind it is gone. */
function comesWithItsView({ kind, object }: Difference, all: readonly Difference[], { views = [] }: Catalog): boolean {
  const isGone = (view: string) =>
    all.some((one) => one.kind === 'view' && one.what === 'missing' && one.object === view)
  const at = object.split(' ')[0] ?? ''
  if (kind === 'grant' && isGone(at)) return true
  const entity = views.find(({ schema, name }) => `${schema}.${name}` === at)?.entity
  return views.some((one) => isTheirs(one) && one.entity === entity && isGone(`${one.schema}.${one.name}`))
}

async function filesStatus(
  client: ClientBase,
  options: StatusOptions,
  record: CatalogRecord,
): Promise<MigrationStatus | null> {
  try {
    const all = await committedMigrations(await settingsFor(client, options))
    const found = tampering(all, record.migrations)
    if (found !== null) return { state: 'drifted', reasons: [found], differences: [], repairs: [] }
    const pending = all.slice(record.migrations.length)
    if (pending.length === 0) return null
    return unmigrated(pending.map((one) => `"migrations/committed/${one.realFilename}" has not been applied.`))
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'MIGRATION_TAMPERED') throw error
    return { state: 'drifted', reasons: [error.message], differences: [], repairs: [] }
  }
}

function changesSince(record: CatalogRecord, options: StatusOptions): string {
  return describeChanges(diffCatalogs(record.catalog, options.catalog))
}

function driftStatus(differences: readonly Difference[], repairs: MigrationStatus['repairs']): MigrationStatus {
  if (differences.length === 0) return { state: 'current', reasons: [], differences, repairs }
  return { state: 'drifted', reasons: differences.map(formatDifference), differences, repairs }
}

function unmigrated(reasons: readonly string[]): MigrationStatus {
  return { state: 'unmigrated', reasons, differences: [], repairs: [] }
}
