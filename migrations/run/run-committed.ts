import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import type { Client, ClientBase } from 'pg'
import { OperatorError } from '#base'
import type { RoleWords } from '../read/role-words.ts'
import {
  type CommittedMigration,
  calculateHash,
  graphileMigrate,
  graphileSettings,
  type ParsedSettings,
  type StepClient,
} from './graphile-migrate.ts'
import { migrationFailure } from './migration-failure.ts'

/** Where the migrations are, and what stands for their placeholders there. */
export interface CommittedOptions {
  /** Absolute path of the app; its migrations are in `migrations/`. */
  readonly appFolder: string
  readonly words: RoleWords
}

/**
 * Applies the committed migrations that the database lacks, each in its own transaction; gives their file names.
 *
 * @param client the migrator's, holding the migration lock
 * @throws MIGRATION_FAILED when Postgres refuses a statement; nothing of that file stays
 * @throws MIGRATION_TAMPERED when a file does not fit its hash, the chain, or what was applied before
 */
export async function runCommittedMigrations(client: Client, options: CommittedOptions): Promise<readonly string[]> {
  const settings = await settingsFor(client, options)
  const all = await committedMigrations(settings)
  // Makes graphile-migrate's schema when there is none yet.
  await graphileMigrate.getLastMigration(client, settings)
  const done = await appliedMigrations(client)
  refuseTampering(all, done)
  const pending = all.slice(done.length)
  for (const migration of pending) await runOne(client, settings, migration, options)
  return pending.map((migration) => migration.realFilename)
}

/** A migration as graphile-migrate remembers it. */
export interface AppliedMigration {
  readonly filename: string
  readonly hash: string
}

/** What the database has applied, in order; nothing when graphile-migrate never ran there. */
export async function appliedMigrations(client: ClientBase): Promise<readonly AppliedMigration[]> {
  const { rows: present } = await client.query<{ present: boolean }>(
    `select to_regclass('graphile_migrate.migrations') is not null as present`,
  )
  if (present[0]?.present !== true) return []
  const { rows } = await client.query<AppliedMigration>(
    'select filename, hash from graphile_migrate.migrations order by filename',
  )
  return rows
}

/**
 * The committed migrations of an app, in order, each fitting its hash and its predecessor.
 *
 * @throws MIGRATION_TAMPERED when one does not
 */
export async function committedMigrations(settings: ParsedSettings): Promise<readonly CommittedMigration[]> {
  // Looking must not make folders, as graphile-migrate's own reading does.
  if (!existsSync(`${settings.migrationsFolder}/committed`)) return []
  const all = await graphileMigrate.getAllMigrations(settings).catch((error: Error) => {
    throw tampered(error.message.replaceAll(`${settings.migrationsFolder}/`, 'migrations/'))
  })
  for (const migration of all) {
    const fits = calculateHash(migration.body, migration.previousHash) === migration.hash
    if (!fits && !migration.allowInvalidHash)
      throw tampered(`"migrations/committed/${migration.realFilename}" was edited after it was committed.`)
  }
  return all
}

/** Says in which way files and database tell different stories, or null. */
export function tampering(
  all: readonly Pick<CommittedMigration, 'filename' | 'hash' | 'realFilename'>[],
  applied: readonly AppliedMigration[],
): string | null {
  for (const [index, one] of applied.entries()) {
    const file = all[index]
    if (file === undefined) return `The database has applied "${one.filename}", which is not in "migrations/committed".`
    if (file.filename !== one.filename || file.hash !== one.hash)
      return `"migrations/committed/${file.realFilename}" is not what the database has applied as "${one.filename}": the file was changed since.`
  }
  return null
}

function refuseTampering(all: readonly CommittedMigration[], applied: readonly AppliedMigration[]): void {
  const found = tampering(all, applied)
  if (found !== null) throw tampered(found)
}

function tampered(message: string): OperatorError {
  return new OperatorError(
    'MIGRATION_TAMPERED',
    message,
    'Bring back the files as they were committed; a change is a new migration.',
  )
}

/** Settings of graphile-migrate for a database, which it learns from the connection. */
export async function settingsFor(client: ClientBase, options: CommittedOptions): Promise<ParsedSettings> {
  const { rows } = await client.query<{ database: string; owner: string }>(
    `select current_database() as database, pg_get_userbyid(datdba)::text as owner
     from pg_database where datname = current_database()`,
  )
  return await graphileSettings({
    migrationsFolder: `${options.appFolder}/migrations`,
    database: rows[0]!.database,
    databaseOwner: rows[0]!.owner,
    words: options.words,
  })
}

async function runOne(
  client: Client,
  settings: ParsedSettings,
  migration: CommittedMigration,
  options: CommittedOptions,
): Promise<void> {
  const counted = countStatements(client)
  try {
    const context = { database: settings.databaseName }
    await graphileMigrate.runCommittedMigration(counted.client, settings, context, migration, '')
  } catch (error) {
    throw migrationFailure(migration, {
      error: error as Error,
      file: relative(options.appFolder, migration.fullPath),
      finished: counted.finished(),
      compile: (text) => graphileMigrate.compilePlaceholders(settings, text),
    })
  } finally {
    counted.stop()
  }
}

/**
 * Counts how many statements of a query were finished when the first error came: many errors carry no position, and
 * graphile-migrate sends a whole file as one query.
 */
function countStatements(client: Client) {
  let finished = 0
  let failed = false
  const onComplete = () => {
    if (!failed) finished++
  }
  const onError = () => {
    failed = true
  }
  const { connection } = client as unknown as { readonly connection: NodeJS.EventEmitter }
  connection.on('commandComplete', onComplete).on('errorMessage', onError)
  return {
    client: {
      query: (query: unknown, values?: unknown[]) => {
        if (!failed) finished = 0
        return client.query(query as string, values)
      },
    } satisfies StepClient,
    finished: () => finished,
    stop: () => void connection.off('commandComplete', onComplete).off('errorMessage', onError),
  }
}
