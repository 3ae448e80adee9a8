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
  /** How much requests may ask for. What is left out has a default that is safe for a public API. */
  readonly limits?: LimitsConfig
  /** Which pages of other origins may ask. Default: those of this machine in `dev`, none in `start`. */
  readonly cors?: CorsConfig
  /** Documents that front ends send, extracted before: in production no others are executed. Default: every document is. */
  readonly documents?: DocumentsConfig
  /**
   * Whether the API tells its schema, and what a misspelt name might have meant. Default: in `dev`, and where `start` serves GraphiQL. What callers may do does
   * not depend on it.
   */
  readonly introspection?: boolean
  /** What scripts may reach beside the rows of their caller. Default: nothing. */
  readonly scripts?: ScriptsConfig
  /** How long failed jobs are kept. */
  readonly jobs?: JobsConfig
  /** How long events are kept. */
  readonly events?: EventsConfig
  /** People that `dev` prints a token for. `start` knows nobody and accepts no such token. */
  readonly people?: Readonly<Record<string, Person>>
}

/** Limits of requests. A request beyond one is refused with LIMIT before anything is read. */
export interface LimitsConfig extends OperationLimitsConfig {
  /** Bytes of a request's body. Default: 262144. */
  readonly maxBodyBytes?: number
  /** Milliseconds that a request may take to arrive. Default: 30000. */
  readonly bodyTimeoutMs?: number
  /** Operations that one request may hold, as a list; together they may ask for no more rows than one. Default: 0, no lists. */
  readonly maxBatch?: number
  /** WebSockets that may be open; 0: none. Default: 5000. */
  readonly maxSockets?: number
  /** WebSockets that may be open from one address (of IPv6: one network of 64 bits): that of the proxy in front, where `trustedProxies` does not name it. Default: 200. */
  readonly maxSocketsPerAddress?: number
  /** Operations that may run at once on one WebSocket. Default: 32. */
  readonly maxSocketOperations?: number
  /** Hours for which an `idempotencyKey` is known, 720 at most. Default: 24. */
  readonly idempotencyHours?: number
  /** Other limits for roles, by name: `{ analyst: { maxRows: 20_000_000 } }`. Of several roles of a caller the widest limit counts; a role without an own one has the common one. */
  readonly roles?: Readonly<Record<string, OperationLimitsConfig>>
  /** Other limits for callers without a token. */
  readonly visitors?: OperationLimitsConfig
}

/** Limits of an operation. */
export interface OperationLimitsConfig {
  /** Levels of fields inside fields. Default: 20. */
  readonly maxDepth?: number
  /** Selected fields, fragments counted wherever they are spread. Default: 400. */
  readonly maxFields?: number
  /** Fields under another name. Default: 100. */
  readonly maxAliases?: number
  /** Directives. Default: 50. */
  readonly maxDirectives?: number
  /** Words and signs of the document. Default: 10000. */
  readonly maxTokens?: number
  /** Operations and fragments of the document. Default: 200. */
  readonly maxDefinitions?: number
  /** Variables that the document declares. Default: 250. */
  readonly maxVariables?: number
  /** Levels of lists and objects in arguments and variables. Default: 50. */
  readonly maxInputDepth?: number
  /** Items of a list in arguments and variables. Default: 2000. */
  readonly maxListItems?: number
  /** Names in filters, orders and groups. Default: 200. */
  readonly maxConditions?: number
  /** Searches for words, in lists and in filters. Default: 10. */
  readonly maxSearches?: number
  /** Rows: page sizes of nested lists multiplied, what `offset` passes over, 1 for each list and each row of a to-one relation or a batch, 10 for each `totalCount`, 100 for aggregates, 1000 for groups, 5000 for a search, 1 for each 8 letters of an alias of more than 31. Default: 5000000. */
  readonly maxRows?: number
  /** Rows of a list that does not say how many. Default: 100. */
  readonly pageSize?: number
  /** Rows that a list may be asked for. Default: 1000. */
  readonly maxPageSize?: number
}

/** Pages of other origins. */
export interface CorsConfig {
  /** Exact origins, such as `https://app.example`. `['*']` is everybody, and only without credentials. */
  readonly origins: readonly string[]
  /** Whether browsers send cookies along. Tokens in `authorization` need none. Default: false. */
  readonly credentials?: boolean
}

/** Documents that were looked at before anybody sends them. */
export interface DocumentsConfig {
  /** Files that `rowhouse documents extract`, the compiler of Relay or graphql-codegen made, from the folder of the app: `['documents.json']`. */
  readonly files: readonly string[]
  /** `trusted`: no document that is not in the files is executed. Default: `all` in `dev`, `trusted` in `start`. */
  readonly accept?: 'trusted' | 'all'
  /** Roles that may send any document nevertheless, such as those who work in GraphiQL. Default: none. */
  readonly openTo?: readonly string[]
}

/** What `scripts/` may reach. */
export interface ScriptsConfig {
  /** Hosts that they ask by `http`: `api.example.com`, `*.example.com`, `api.example.com:8443`; by TLS unless they begin with `http://`. Default: none. */
  readonly hosts?: readonly string[]
  /** Secrets for headers of these requests, by the name that scripts know them by. Default: none. */
  readonly secrets?: Readonly<Record<string, ScriptSecretConfig>>
  /** What of both is for scripts, too, that tenants publish: they are written by others, and a secret of the app tells a host that the app asks. Default: nothing. */
  readonly published?: { readonly hosts?: readonly string[]; readonly secrets?: readonly string[] }
  /** For how many days runs are kept that a tenant records, of which there are never more than a hundred of each script. Default: 7. */
  readonly keepRunsDays?: KeptDays
  /** What one run may use. */
  readonly limits?: ScriptLimitsConfig
  /** What all runs of a tenant may use together, in each process of the server. */
  readonly perTenant?: TenantScriptLimitsConfig
}

/** What one run of a script may use. Beyond it the run ends, and the change with it. */
export interface ScriptLimitsConfig {
  /** Milliseconds, waiting for answers included; 60000 at most, and never longer than its request has. Default: 1000. */
  readonly timeMs?: number
  /** MiB that all that the scripts of a thread hold may take together, the engine's own 16 with them; 24 at least, 1024 at most. Default: 64. */
  readonly memoryMb?: number
  /** Questions to the host: `db`, `http`, `validate`; 100000 at most. Default: 200. */
  readonly hostCalls?: number
  /** Those of them that leave for other hosts, redirects counted; 1000 at most. Default: 10. */
  readonly httpCalls?: number
  /** Rows that it reads or writes; 1000000 at most. Default: 10000. */
  readonly rows?: number
  /** KiB of its output as JSON; 1024 at most. Default: 256. */
  readonly outputKb?: number
}

/** What the scripts of one tenant may use together. Beyond it they are refused with LIMIT; those of others run. */
export interface TenantScriptLimitsConfig {
  /** Runs at the same time. Default: half of the threads, of which there are as many as processors, four at least. */
  readonly concurrent?: number
  /** Runs that wait for a thread. Default: 100. */
  readonly waiting?: number
  /** Milliseconds of all runs within a minute; 3600000 at most. Default: 120000. */
  readonly timeMsPerMinute?: number
  /** Questions of all runs within a minute. Default: 200000. */
  readonly hostCallsPerMinute?: number
  /** Rows that all runs read or write within a minute. Default: 2000000. */
  readonly rowsPerMinute?: number
}

/** Whole days, 36500 at most, after which something goes by itself. */
export type KeptDays = number | 'forever'

/** What becomes of jobs. */
export interface JobsConfig {
  /** For how many days jobs that failed for good can be seen, edited and replayed. Default: 90. */
  readonly keepFailedDays?: KeptDays
}

/** What becomes of events. */
export interface EventsConfig {
  /** For how many days events can be replayed. Default: 90. */
  readonly keepDays?: KeptDays
}

/** A secret that scripts use and never read. */
export interface ScriptSecretConfig {
  /** Name of the environment variable that holds it. `dev` and `start` do not begin without. */
  readonly variable: string
  /** Those of the hosts that it is sent to. */
  readonly hosts: readonly string[]
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
