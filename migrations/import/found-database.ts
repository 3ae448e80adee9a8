/** What an import finds in a database: plain facts of `pg_catalog`, in Postgres's words. */
export interface FoundDatabase {
  /** Tables, views and whatever else has rows, sorted by schema and name. */
  readonly tables: readonly FoundTable[]
  /** Everything else that somebody made: functions, types, sequences, extensions, … */
  readonly others: readonly FoundObject[]
}

/** A thing that has no rows. */
export interface FoundObject {
  /** `function`, `sequence`, `enum`, … */
  readonly kind: string
  /** With its schema, where it has one. */
  readonly name: string
}

/** A relation with everything that hangs on it. */
export interface FoundTable {
  readonly schema: string
  readonly name: string
  /** Letter of `pg_class`. */
  readonly kind: string
  /** Why no table like it can be adopted, or null: `a partition`, `unlogged`. */
  readonly oddity: string | null
  readonly comment: string | null
  /** What was set on it that is not usual: `fillfactor=70`, `row security`. */
  readonly settings: readonly string[]
  readonly columns: readonly FoundColumn[]
  readonly constraints: readonly FoundConstraint[]
  readonly indexes: readonly FoundIndex[]
}

/** A column, in the words of `pg_attribute`. */
export interface FoundColumn {
  readonly name: string
  /** As `format_type` prints it. */
  readonly type: string
  /** What kind of type of somebody's own it is, or null for one of Postgres: `an enum`, `a domain`. */
  readonly ownType: string | null
  /** Values of an enum. */
  readonly labels: readonly string[]
  readonly notNull: boolean
  readonly default: string | null
  /** The default takes the next number of the column's own sequence. */
  readonly isSerial: boolean
  readonly identity: 'always' | 'by default' | null
  readonly isGenerated: boolean
  readonly comment: string | null
  /** `collation "de_DE"`, `storage external`, … */
  readonly settings: readonly string[]
}

/** A constraint of a table. */
export interface FoundConstraint {
  readonly name: string
  /** Letter of `pg_constraint`. */
  readonly kind: string
  readonly columns: readonly string[]
  readonly definition: string
  /** Of a check. */
  readonly expression: string | null
  readonly target: FoundTarget | null
  /** `deferrable`, `not valid`, … */
  readonly settings: readonly string[]
  readonly comment: string | null
}

/** Where a foreign key leads. */
export interface FoundTarget {
  readonly schema: string
  readonly table: string
  readonly columns: readonly string[]
  /** Letters of `confdeltype` and `confupdtype`. */
  readonly onDelete: string
  readonly onUpdate: string
  /** `set null` of some of the columns alone. */
  readonly isPartial: boolean
}

/** An index, those behind keys included. */
export interface FoundIndex {
  readonly name: string
  readonly definition: string
  readonly isUnique: boolean
  readonly isPrimary: boolean
  readonly isValid: boolean
  /** Name of the constraint that it belongs to. */
  readonly constraint: string | null
  /** Columns of the key; null for an expression. */
  readonly columns: readonly (string | null)[]
  readonly isPartial: boolean
  readonly nullsEqual: boolean
  readonly comment: string | null
}

/** `public.orders` */
export function nameOfTable({ schema, name }: Pick<FoundTable, 'schema' | 'name'>): string {
  return `${schema}.${name}`
}
