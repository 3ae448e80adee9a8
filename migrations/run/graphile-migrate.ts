import { createRequire } from 'node:module'
import type { RoleWords } from '../read/role-words.ts'

/*
 * graphile-migrate's own steps, on a connection of ours. Its `migrate()` runs them on a pool whose error handler calls
 * `process.exit(1)`, lacks an error listener on the connection in use, and does not wait for another run; neither suits
 * a server that migrates before it serves. Files, hashes, tables and order are graphile-migrate's either way, which
 * a test shows by running both on one database.
 */
const require = createRequire(import.meta.url)
const steps: Steps = require('graphile-migrate/dist/migration.js')
const { parseSettings }: { parseSettings: (settings: object) => Promise<ParsedSettings> } =
  require('graphile-migrate/dist/settings.js')
const { calculateHash }: { calculateHash: (body: string, previousHash: string | null) => string } =
  require('graphile-migrate/dist/hash.js')
// The very class that graphile-migrate checks for.
const { Logger }: { Logger: new (factory: () => () => void) => object } = createRequire(
  require.resolve('graphile-migrate'),
)('@graphile/logger')
const { sluggify }: { sluggify: (message: string) => string } = require('graphile-migrate/dist/sluggify.js')

export { calculateHash, sluggify }

/** Key of the advisory lock that graphile-migrate takes; with it, its own command and ours exclude each other. */
export const migrationLockKey = '4727445306447283'

/** A file of `migrations/committed/`. */
export interface CommittedMigration {
  /** `000001.sql`, by which graphile-migrate remembers it. */
  readonly filename: string
  /** `000001-initial.sql` */
  readonly realFilename: string
  readonly fullPath: string
  readonly hash: string
  readonly previousHash: string | null
  readonly allowInvalidHash: boolean
  /** Without the headers, trimmed. */
  readonly body: string
}

/** The part of a client that graphile-migrate's steps use. */
export interface StepClient {
  query(query: unknown, values?: unknown[]): Promise<unknown>
}

/** Settings after graphile-migrate has checked them. */
export interface ParsedSettings {
  readonly migrationsFolder: string
  readonly databaseName: string
}

interface Steps {
  getAllMigrations(settings: ParsedSettings): Promise<readonly CommittedMigration[]>
  getLastMigration(client: StepClient, settings: ParsedSettings): Promise<CommittedMigration | null>
  runCommittedMigration(
    client: StepClient,
    settings: ParsedSettings,
    context: { readonly database: string },
    migration: CommittedMigration,
    logSuffix: string,
  ): Promise<void>
  compilePlaceholders(settings: ParsedSettings, content: string): string
  serializeMigration(body: string, headers: Readonly<Record<string, string | null | undefined>>): string
}

/** {@link Steps} of graphile-migrate 1.4.1. */
export const graphileMigrate: Steps = steps

/** What graphile-migrate needs to know. No address of a database is among it, so it can neither connect nor leak one. */
export async function graphileSettings(options: {
  readonly migrationsFolder: string
  readonly database: string
  readonly databaseOwner: string
  readonly words: RoleWords
}): Promise<ParsedSettings> {
  return await parseSettings({
    connectionString: `postgres:///${encodeURIComponent(options.database)}`,
    rootConnectionString: 'none',
    databaseOwner: options.databaseOwner,
    migrationsFolder: options.migrationsFolder,
    placeholders: { ...options.words.placeholders },
    logger: new Logger(() => () => {}),
  })
}
