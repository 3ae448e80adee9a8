/**
 * The database that should exist: the second narrow waist. Plain, frozen, JSON-serialisable data; SQL texts are
 * whole expressions or definitions. Roles are named by placeholders (see {@link RoleName}), so that one catalog serves every prefix.
 */
export interface Catalog {
  readonly version: 1
  readonly app: string
  /** Group roles of the app, in an order in which they can be created. Login and role sets are not part of it. */
  readonly roles: readonly CatalogRole[]
  /** Sorted by schema and name. */
  readonly tables: readonly Table[]
  /** In an order in which they can be created. */
  readonly functions: readonly DatabaseFunction[]
}

/**
 * `:OWNER`, `:PRIVATE`, `:MEMBER`, `:ANONYMOUS`, `:ROLE_SALES`, …: a graphile-migrate placeholder, in SQL texts inside quotes
 * (`":OWNER"` as identifier, `':ROLE_SALES'` as literal). Real names match `[a-z][a-z0-9_]*`.
 */
export type RoleName = `:${string}`

/** A group role of the app. */
export interface CatalogRole {
  readonly name: RoleName
  /** Roles that this one is a member of. */
  readonly memberOf: readonly RoleName[]
  readonly comment: string | null
}

/** A table with everything that hangs on it. */
export interface Table {
  readonly schema: string
  readonly name: string
  readonly owner: RoleName
  readonly comment: string | null
  readonly rowSecurity: boolean
  readonly forceRowSecurity: boolean
  readonly columns: readonly Column[]
  readonly constraints: readonly Constraint[]
  readonly indexes: readonly Index[]
  readonly policies: readonly Policy[]
  readonly triggers: readonly Trigger[]
  readonly grants: readonly Grant[]
  /** Entity that it was lowered from. */
  readonly entity: string
}

/** A column, in the words of `pg_attribute`. */
export interface Column {
  readonly name: string
  /** As `format_type` prints it: `uuid`, `numeric(12,2)`, `timestamp with time zone`. */
  readonly type: string
  readonly notNull: boolean
  /** SQL expression. */
  readonly default: string | null
  readonly comment: string | null
}

/** A key, a foreign key or a check. */
export interface Constraint {
  readonly name: string
  readonly kind: 'primary' | 'unique' | 'foreign' | 'check'
  /** As behind `add constraint <name>`: `primary key (tenant_id, id)`. */
  readonly definition: string
  /** Title of the rule behind it; absent when there is none. */
  readonly comment?: string
}

/** An index that is not part of a constraint. What is absent is as Postgres has it by default. */
export interface Index {
  readonly name: string
  readonly unique: boolean
  /** Key expressions with their order: `tenant_id`, `wanted_on desc`, `lower(email)`. */
  readonly keys: readonly string[]
  /** Predicate of a partial index. */
  readonly where: string | null
  /** Columns that it carries along, quoted. */
  readonly include?: readonly string[]
  /** Method, when it is not btree. */
  readonly using?: 'hash' | 'gist' | 'gin' | 'brin'
  /** Unique: two rows without a value are alike. */
  readonly nullsEqual?: true
}

/** A row-security policy. */
export interface Policy {
  readonly name: string
  readonly permissive: boolean
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete'
  /** `public`, or role placeholders, sorted. */
  readonly roles: readonly (RoleName | 'public')[]
  readonly using: string | null
  readonly check: string | null
  /** The rule's title. */
  readonly comment: string | null
}

/** A trigger, always enabled. */
export interface Trigger {
  readonly name: string
  /** As behind the name: `before update on app."order" for each row execute function rowhouse.touch()`. */
  readonly definition: string
}

/** A right on a table or on some of its columns. */
export interface Grant {
  readonly to: RoleName
  readonly privilege: 'select' | 'insert' | 'update' | 'delete' | 'references' | 'trigger' | 'truncate'
  /** Sorted; null: the whole table. */
  readonly columns: readonly string[] | null
}

/** A function; overloads are never made. */
export interface DatabaseFunction {
  readonly schema: string
  readonly name: string
  /** As in `create function`: `id uuid`. */
  readonly arguments: string
  /** Types only, for `drop`, `grant` and `comment`: `uuid`. */
  readonly identity: string
  readonly returns: string
  readonly language: 'sql' | 'plpgsql'
  readonly volatility: 'immutable' | 'stable' | 'volatile'
  readonly security: 'definer' | 'invoker'
  readonly owner: RoleName
  /** `set search_path = ''` and the like, name → value as in `set name = value`. */
  readonly settings: Readonly<Record<string, string>>
  /** Estimated rows of a set-returning function. */
  readonly rows: number | null
  readonly body: string
  /** True: `begin atomic … end` (parsed when created). False: a string. */
  readonly atomic: boolean
  /** Roles that may execute it. Nobody else may: execute is always revoked from public. */
  readonly execute: readonly RoleName[]
  readonly comment: string | null
}
