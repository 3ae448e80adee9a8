/**
 * What becomes of a thing that entities cannot say. `left out`: the app does without it. `kept`: Postgres goes on keeping it,
 * unsaid. `assumed`: it is said, and somebody should look whether rightly. `in the way`: `rowhouse migrate` refuses until it is
 * changed.
 */
export type Effect = 'left out' | 'kept' | 'assumed' | 'in the way'

/** What every finding of a code has in common. */
export interface FindingKind {
  readonly effect: Effect
  /** One sentence. */
  readonly why: string
}

const leftOut = (why: string): FindingKind => ({ effect: 'left out', why })
const kept = (why: string): FindingKind => ({ effect: 'kept', why })
const assumed = (why: string): FindingKind => ({ effect: 'assumed', why })

/** Stable codes of what an import could not say, or only with an assumption. None is ever renamed. */
export const findingKinds = {
  TABLE_VIEW: leftOut(
    'A view is adopted, to be read alone, when somebody says which fields tell its rows apart (`key`).',
  ),
  TABLE_KIND: leftOut('Only plain, permanent tables and views are adopted.'),
  TABLE_KEYLESS: leftOut('Every entity is identified by a primary key, and this table has none.'),
  TABLE_KEY: leftOut('A column of the primary key is none that identifies entities.'),
  TABLE_NAME: leftOut('Names of adopted tables have letters, digits, "_", "$", blanks and hyphens.'),
  TABLE_SCHEMA: leftOut('Rowhouse keeps things of its own in a schema of this name.'),
  TABLE_TENANT: leftOut('Its tenant column is no uuid that is always there, so that rows could not be kept apart.'),
  TABLE_REFUSED: leftOut('The language refuses an entity like it.'),
  COLUMN_TYPE: leftOut('No field can be kept in a column of this type.'),
  COLUMN_ENUM: leftOut(
    'Choices are kept as texts with a check: enum types can be neither changed nor read behind an index.',
  ),
  COLUMN_NAME: leftOut('Names of columns have letters, digits, "_", "$", blanks and hyphens.'),
  COLUMN_GENERATED: leftOut('Postgres computes it; a computed field with a formula says it in the language.'),
  COLUMN_REFUSED: leftOut('The language refuses a field like it.'),
  KEY_SETTING: kept('Entities say which columns are the key, nothing more.'),
  FOREIGN_KEY_COMPOSITE: kept('Relations lead to rows with a key of one column; the columns are fields.'),
  FOREIGN_KEY_TARGET: kept('Relations lead to the key of an imported entity; the column is a field.'),
  FOREIGN_KEY_TYPE: kept('Its column has another type than the key that it leads to; it is a field.'),
  FOREIGN_KEY_ACTION: kept('`on delete set default` is no word of the language; the column is a field.'),
  FOREIGN_KEY_SECOND: kept('A column is one relation; the first key is said.'),
  FOREIGN_KEY_TENANT: kept('It says whose the rows are, which Rowhouse does with a list of tenants of its own.'),
  FOREIGN_KEY_SETTING: kept('The relation is said without it.'),
  CHECK: kept('Limits, lengths and lists of values of one field are said; this is none of them.'),
  CHECK_SETTING: kept('The limit is said without it.'),
  UNIQUE: kept('Uniques of whole columns are said; this is none.'),
  UNIQUE_ACROSS_TENANTS: kept('Entities say what is unique within a tenant; this is unique in the whole table.'),
  UNIQUE_SETTING: kept('The unique is said without it.'),
  EXCLUSION: kept('What excludes rows is not said of adopted tables.'),
  INDEX: kept('Indexes of adopted tables are not said; Postgres uses them all the same.'),
  DEFAULT: kept('No default of the language means it; it holds for rows that come without the value from elsewhere.'),
  IDENTITY: kept('Numbers that Postgres gives are said of keys alone.'),
  COMMENT: kept('Notes are of tables and columns.'),
  SETTING: kept('How Postgres stores things is not said.'),
  OBJECT: kept('Entities are tables; this is none.'),
  CONSTRAINT: kept('The language has no word for it.'),
  DEFAULT_DIFFERS: assumed(
    'The language has nearly the same default: rows that are made through Rowhouse get that one.',
  ),
  TIMESTAMP_ZONE: assumed('The column has no time zone: it is read and written as UTC.'),
  NUMERIC_UNBOUNDED: assumed('Decimals have an end: new values have at most 28 digits before and 10 behind the point.'),
  BYTES_UNBOUNDED: assumed('Binary data has a greatest size: new values have at most 64 MiB.'),
  LIST_ELEMENTS: assumed('Lists have one dimension and no nulls inside; new values must.'),
  JSON_OBJECT: assumed('A dict is an object; new values must be one.'),
  PERIOD_FORM: assumed(
    'Periods begin with their first moment, end before their last and are never empty; new values do.',
  ),
  BUILT_IN: assumed('Rowhouse keeps it from now on: sets it on every change, or hides rows in which it is set.'),
  LINK_UNINDEXED: assumed(
    'Relations have an index in tables of our own; here lists of the other side, and rules over the relation, read the whole table.',
  ),
  TENANT_SHARED: assumed(
    'The column looks as if it said whose a row is. Without `--tenant-column` all tenants share the rows.',
  ),
  NAME_CHANGED: assumed('Names and labels that Rowhouse, GraphQL or JavaScript need for themselves got others.'),
  ADOPTION: { effect: 'in the way', why: '`rowhouse migrate` takes the table over only when this is settled.' },
} as const satisfies Readonly<Record<string, FindingKind>>

/** A code of {@link findingKinds}. */
export type FindingCode = keyof typeof findingKinds

/** Something of a database that its entities do not say, or say with an assumption. */
export interface Finding {
  readonly code: FindingCode
  /** With schema and table: `public.orders.status`. */
  readonly object: string
  /** What it is, in the words of the database: `check (total > 0)`. */
  readonly what: string
  /** More than the code says. */
  readonly hint: string | null
}

/** A finding about a part of a database. */
export function finding(code: FindingCode, object: string, what: string, hint: string | null = null): Finding {
  return { code, object, what, hint }
}
