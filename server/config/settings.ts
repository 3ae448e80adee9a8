import type { SecretKeys } from '../secrets/secret-keys.ts'
import type { Person } from './app-config.ts'
import type { LimitSettings } from './limits.ts'
import type { Messages } from './messages.ts'
import type { CorsSettings } from './read-cors.ts'
import type { DocumentSettings } from './read-documents.ts'
import type { RetentionSettings } from './read-retention.ts'
import type { ScriptSettings } from './read-scripts.ts'

/** What a command is about to do; each needs other settings. */
export type Purpose = 'dev' | 'start' | 'migrate' | 'seed' | 'policy' | 'token' | 'check'

/** Everything that the environment and `rowhouse.config.ts` decide, validated. */
export interface Settings {
  /** Absolute path of the app folder. */
  readonly folder: string
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Absolute path: development keys and the embedded cluster. */
  readonly dataFolder: string
  /** False when nobody chose the folder, so that the embedded cluster may go elsewhere if Postgres cannot enter it. */
  readonly isDataFolderChosen: boolean
  readonly database: DatabaseSettings
  /** Read by `start` alone, where it is never null: `dev` believes tokens of the development key and no others. */
  readonly auth: AuthSettings | null
  readonly graphiql: boolean
  /** Connections of the request pool. */
  readonly poolSize: number
  /** `transaction`: behind a pooler that gives each transaction another session. */
  readonly databasePooling: DatabasePooling
  /** Networks of proxies that are believed about addresses of clients, in CIDR notation. */
  readonly trustedProxies: readonly string[]
  /** Texts of errors by locale. */
  readonly messages: Messages
  readonly limits: LimitSettings
  /** Null: no page of another origin is let in. */
  readonly cors: CorsSettings | null
  /** Null: every document is executed. */
  readonly documents: DocumentSettings | null
  /** Whether the API tells its schema, and suggests names. */
  readonly introspection: boolean
  /** What scripts may reach. */
  readonly scripts: ScriptSettings
  /** How long things are kept that go by themselves. */
  readonly keep: RetentionSettings
  readonly people: Readonly<Record<string, Person>>
  /** Of `ROWHOUSE_SECRETS_KEY`; null where there is none. */
  readonly secretKeys: SecretKeys | null
}

/** How long a connection keeps its session: until it ends, or, behind PgBouncer in transaction mode and its like, for a transaction. */
export type DatabasePooling = 'session' | 'transaction'

/** Where the data lives. */
export type DatabaseSettings =
  | { readonly kind: 'embedded' }
  | {
      readonly kind: 'external'
      /** The server's login, which may only `set role`. Null where the command does not need it. */
      readonly url: string | null
      /** The migrator's. */
      readonly migrateUrl: string | null
      /** A login with CREATEROLE that makes role sets not met before. */
      readonly provisionUrl: string | null
    }

/** Who signs the tokens that production accepts. */
export interface AuthSettings {
  readonly jwksUrl: string
  readonly issuer: string
  readonly audience: string
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>
