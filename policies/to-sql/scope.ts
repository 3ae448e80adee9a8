import { fitIdentifier, type Sql, snakeCase, sql, unreachable } from '#base'
import type { Audience, Condition, Entity, Fact, FieldType } from '#schema'
import type { ModelIndex } from './model-index.ts'
import { valueType } from './postgres-type.ts'
import type { RelatedSet } from './related-set.ts'
import { audienceRoles } from './role-placeholder.ts'

/** Where the columns of the row that a condition is about are found. */
export interface RowReference {
  column(name: string): Sql
}

/**
 * Where the caller is found. Row security reads the transaction's claims; another source can read the columns of a set of
 * subscribers, so that many callers are decided in one statement.
 */
export interface ActorSource {
  /** The caller's id, or null. */
  id(): Sql
  /** A claim as its type, or null. */
  claim(name: string, type: FieldType): Sql
  /** True when the caller has that claim. */
  hasClaim(name: string): Sql
  /** A field or to-one of the caller's own live row, as it is stored; null where it has none. */
  own(name: string): Sql
  /** Array of the ids that a reach set holds, of that type. */
  reach(name: string, type: string): Sql
  /** The tenant that the caller asks in, or null. */
  tenantId(): Sql
  /** True when the caller is among those whom a rule speaks of. */
  isAmong(audience: Audience): Sql
  /** What the server knows of the request, or null where it does not: `ip` is an `inet`, `signedInFor` a number of seconds. */
  request(on: RequestFact): Sql
}

/** Name of something that the server knows of a request. */
export type RequestFact = Extract<Fact, { readonly about: 'request' }>['on']

/** A row together with what it is a row of. */
export interface RowOf {
  readonly entity: Entity
  readonly row: RowReference
}

/** Turns an answer that is the same for every row into a test of the row that Postgres decides without looking at rows. */
export interface Gate {
  /** Where nothing but the answer opens the way. */
  readonly alone: (answer: Sql) => Sql
  /** Beside others in an `or`. */
  readonly among: (answer: Sql) => Sql
}

/** What a condition is compiled for. */
export interface Scope {
  readonly index: ModelIndex
  readonly entity: Entity
  readonly row: RowReference
  readonly actor: ActorSource
  /**
   * How related rows are looked up: `set` asks a private function for all ids that qualify, once per statement (policies);
   * `inline` looks up the one row (code that runs as `:PRIVATE` already, one row at a time).
   */
  readonly related: 'set' | 'inline'
  /** True where the row is one of the entity's own table, carried columns and all, and live. */
  readonly carries?: boolean
  /** How many sub-selects stand around; numbers their aliases. */
  readonly depth: number
  /** The row that the rule is about; left out where that is `row` itself. */
  readonly rule?: RowOf
  /** The row before the change, for `was`. */
  readonly before?: RowReference
  /** Is told each private function that the condition asks, in its `set` form. */
  readonly ask?: (set: RelatedSet) => void
  /** In what a policy shows: of which tests the planner should know how many rows they let through. `all`: of one value of the caller, too. */
  readonly guess?: 'sets' | 'all'
  /** Names of the reach sets that are read through their views; left out: of none, their functions are asked. */
  readonly reachViews?: ReadonlySet<string>
  /** How a policy lets an answer that is the same for every row spare it the rows; left out, the answer stands for itself. */
  readonly gate?: Gate
  /** `Entity.verb` of the rules that are being written out for `may`. */
  readonly judging?: readonly string[]
  /** True where the row is one of its table, as it is there: it may be looked for among the rows that a set gives. */
  readonly stored?: boolean
  /** True beneath a negation: no index finds rows there, so sets are looked up by hash. */
  readonly negated?: boolean
  /** True inside of a condition that is made of facts alone. */
  readonly facts?: boolean
  /** Rows of which tenant are meant, where row security does not say so. */
  readonly tenant?: Sql
}

/** Compiles a condition. Handed to what compiles formulas: conditions read formulas, and formulas conditions. */
export type CompileCondition = (condition: Condition, scope: Scope) => Sql

/** That a key is one of those that a set's function gives: where an index may find the rows as an array, else by hash. */
export function isOneOf(key: Sql, set: Sql, { negated }: Pick<Scope, 'negated'>): Sql {
  // An array is gone through for each row.
  return negated === true ? sql`${key} in (${set})` : sql`${key} = any (array(${set}))`
}

/** Columns as a policy names them. */
export const bareRow: RowReference = { column: (name) => sql.identifier(name) }

/** Columns of an alias or a record variable that this repository named: `old`, `new`, `t0`. */
export function namedRow(name: string): RowReference {
  return { column: (column) => sql`${sql.raw(name)}.${sql.identifier(column)}` }
}

/** Array of the ids that a reach set holds, for the caller of the transaction; without the type `any` would take the sub-select's rows for the set. */
function reachArray(name: string, type: string): Sql {
  return sql`(select ${reachCall(name)})::${sql.raw(type)}[]`
}

/** Array of the ids that a reach set holds, where its view may be read: the select becomes part of the statement, and nothing is called. */
export function reachRows(name: string): Sql {
  return sql`array(select reached.id from ${sql.identifier('rowhouse_private', reachedName(name))} reached)`
}

/** Asks for a reach set, wherever it stands. */
export function reachCall(name: string): Sql {
  return sql`${sql.identifier('rowhouse_private', reachName(name))}()`
}

/** Name of the view that gives a reach set as rows, in schema `rowhouse_private`. */
export function reachedName(name: string): string {
  return fitIdentifier(`reached_${snakeCase(name)}`)
}

/** Name of the function that gives a reach set as an array, in schema `rowhouse_private`. */
export function reachName(name: string): string {
  return fitIdentifier(`reach_${snakeCase(name)}`)
}

/**
 * The role that asks, in code that runs as `:PRIVATE`: there `current_user` is the function's owner, the setting is still
 * the caller's role set. A session without one (an operator) is judged by its login.
 */
export const callerRole: Sql = sql`coalesce(nullif(current_setting('role'), 'none'), session_user::text)`

/**
 * SQL that is true when the caller is among those whom a rule speaks of.
 *
 * @param caller SQL of the caller's role name
 */
export function inAudienceToSql(audience: Audience, caller: Sql): Sql {
  const tests = audienceRoles(audience).map((role) => sql`pg_has_role(${caller}, ${sql.raw(`'${role}'`)}, 'usage')`)
  const [only] = tests
  return tests.length === 1 && only !== undefined ? only : sql`(${sql.join(tests, ' or ')})`
}

/** Name of the function that gives a value of the caller's own row, in schema `rowhouse_private`. */
export function ownName(name: string): string {
  return fitIdentifier(`own_${snakeCase(name)}`)
}

function ownCall(name: string): Sql {
  return sql`${sql.identifier('rowhouse_private', ownName(name))}()`
}

/** The claims of the transaction, each in a sub-select, so that Postgres evaluates it once per statement. */
export const statementActor: ActorSource = {
  id: () => sql`(select rowhouse.actor_id())`,
  claim: (name, type) => sql`(select ${typedClaim(name, type)})`,
  hasClaim: (name) => sql`(select ${claimText(name)}) is not null`,
  own: (name) => sql`(select ${ownCall(name)})`,
  reach: reachArray,
  tenantId: () => sql`(select rowhouse.tenant_id())`,
  isAmong: (audience) => sql`(select ${inAudienceToSql(audience, callerRole)})`,
  request: (on) => sql`(select ${requestValue(on)})`,
}

/** The claims of the transaction as plain calls, for triggers and verbs, which look at one row at a time. */
export const rowActor: ActorSource = {
  id: () => sql`rowhouse.actor_id()`,
  claim: (name, type) => typedClaim(name, type),
  hasClaim: (name) => sql`${claimText(name)} is not null`,
  own: ownCall,
  reach: reachArray,
  tenantId: () => sql`rowhouse.tenant_id()`,
  isAmong: (audience) => inAudienceToSql(audience, callerRole),
  request: requestValue,
}

/** What the transaction knows of its request; hour and weekday are those of its instant, in UTC. */
function requestValue(on: RequestFact): Sql {
  switch (on) {
    case 'mfa':
      return sql`rowhouse.request_mfa()`
    case 'ip':
      return sql`rowhouse.request_ip()`
    case 'signedInFor':
      return sql`rowhouse.request_signed_in_for()`
    case 'hour':
    case 'weekday':
      return momentOf(on)
    default:
      return unreachable(on)
  }
}

/** The hour or the weekday of the transaction, in UTC. */
export function momentOf(on: 'hour' | 'weekday'): Sql {
  // Without `TM` the names are English in every locale.
  return on === 'hour' ? sql`extract(hour from now() at time zone 'utc')` : sql`to_char(now() at time zone 'utc', 'dy')`
}

function claimText(name: string): Sql {
  return sql`rowhouse.claim(${sql.literal(snakeCase(name))})`
}

function typedClaim(name: string, type: FieldType): Sql {
  return typedText(claimText(name), type)
}

/** A claim as its type, from its text. */
export function typedText(text: Sql, type: FieldType): Sql {
  // Claims carry money in whole units.
  if (type.kind === 'money' && type.minor) return sql`(${text}::numeric * ${sql.literal(10 ** type.scale)})`
  const wanted = valueType(type)
  return wanted === 'text' ? text : sql`${text}::${sql.raw(wanted)}`
}
