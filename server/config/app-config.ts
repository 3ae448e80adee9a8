import type { Messages } from './messages.ts'

/** What `rowhouse.config.ts` says. Secrets and addresses of databases are not part of it: those come from the environment. */
export interface AppConfig {
  /**
   * Name of the app in snake case, prefix of its Postgres roles. Default: the name of the folder. Say it when the folder is called otherwise where the
   * app is deployed.
   */
  readonly name?: string
  /** Port to listen on, 0 for any free one. `PORT` wins. Default: 4000. */
  readonly port?: number
  /** Address to listen on. `HOST` wins. Default: this machine alone in `dev`, every address in `start`. */
  readonly host?: string
  /** Who signs the tokens in production. `ROWHOUSE_JWKS_URL`, `ROWHOUSE_JWT_ISSUER` and `ROWHOUSE_JWT_AUDIENCE` win. */
  readonly auth?: {
    readonly jwksUrl?: string
    readonly issuer?: string
    readonly audience?: string
  }
  /** Whether `start` serves GraphiQL at `/`, too. `dev` always does. */
  readonly graphiql?: boolean
  /**
   * Networks of the proxies in front of the server, in CIDR notation: they are believed about the addresses of clients (`X-Forwarded-For`), which rules may ask
   * for. `ROWHOUSE_TRUSTED_PROXIES` wins. Default: none.
   */
  readonly trustedProxies?: readonly string[]
  /**
   * `transaction` behind a pooler that gives each transaction another session, such as PgBouncer in transaction mode: then nothing is prepared on a connection, and each
   * transaction says all of its settings. `ROWHOUSE_DATABASE_POOLING` wins. Default: `session`.
   */
  readonly databasePooling?: 'session' | 'transaction'
  /** Texts of errors for callers who ask for another language than English (`Accept-Language`). Default: none. */
  readonly messages?: Messages
  /** People that `dev` prints a token for. `start` knows nobody and accepts no such token. */
  readonly people?: Readonly<Record<string, Person>>
}

/** Somebody with a token in development. */
export interface Person {
  /** Id of the person's row; becomes the token's `sub`. */
  readonly id: string
  /** Id of the tenant. */
  readonly tenant: string
  /** Names of roles of the app. */
  readonly roles: readonly string[]
  /** Further claims, under their names in `defineActor`. */
  readonly claims?: Readonly<Record<string, string | number | boolean>>
  /** Printed beside the name. */
  readonly note?: string
}

/** Gives back what it is given, checked by the compiler: `export const config = defineConfig({ … })`. */
export function defineConfig(config: AppConfig): AppConfig {
  return config
}
