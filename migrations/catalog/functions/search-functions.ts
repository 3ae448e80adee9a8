import { fitIdentifier, type Sql, sql, toText } from '#base'
import {
  audienceRoles,
  callerRole,
  heldType,
  keptSql,
  liveSql,
  type ModelIndex,
  mayToSql,
  namedRow,
  privateRole,
  rulesOf,
  type Scope,
  searchRole,
  statementActor,
  tableSql,
} from '#policies'
import { type Entity, type EntityMap, hasTenant, isShared, keyColumnsOf, objectName, ruleCovers } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { isSearched, type Searched, searchColumn } from '../search.ts'
import { privateFunction } from './private-function.ts'

/** Name of the function that finds rows for callers. */
export function searchName(entity: Entity): string {
  return fitIdentifier(`search_${objectName(entity)}`)
}

/** Name of the function that finds rows whoever may read them. */
export function findName(entity: Entity): string {
  return fitIdentifier(`find_${objectName(entity)}`)
}

/** Names that the functions have for the columns of a row's key, in order. */
export function foundKeys(
  entity: Entity,
  entities: EntityMap,
): readonly { readonly name: string; readonly column: string }[] {
  const columns = keyColumnsOf(entity, entities)
  return columns.map(({ column }, at) => ({ name: columns.length === 1 ? 'id' : `key_${at + 1}`, column }))
}

/** Named, as Postgres cannot print the body of an SQL function without; the bodies say `$1` and `$2`. */
const takes = [
  { name: 'asked_words', type: 'text', column: '' },
  { name: 'is_ranked', type: 'boolean', column: '' },
]

/**
 * How many rows the planner shall expect: so few that it looks each up by its key. Else it may read the tenant's rows instead, which it takes for few in tables
 * that nobody has analysed, and compare each of them with each that was found.
 */
const expectedRows = 1

/** Both functions, where somebody may read rows. */
export function searchFunctions(entity: Entity, index: ModelIndex): readonly DatabaseFunction[] {
  if (!isSearched(entity)) return []
  return [findFunction(entity, index), searchFunction(entity, index)]
}

/**
 * `find_<table>(text, ranked)`: keys of the rows of the tenant that hold the words, whoever may read them, so no request may call it. It belongs
 * to `:SEARCH`, for which the words are row security: only so they are found by the index.
 */
function findFunction(entity: Searched, index: ModelIndex): DatabaseFunction {
  const row = namedRow('t0')
  const keys = foundKeys(entity, index.entities).map(({ column }) => row.column(column))
  const rank = sql`pg_catalog.ts_rank(${row.column(searchColumn(entity))}, given.asked)`
  const ranked = sql`case when $2 then (${rank} * 1000000)::integer else 0 end`
  const query = sql`select ${sql.join([...keys, ranked], ', ')} from ${tableSql(entity)} t0 where ${keptSql(entity, row)}`
  const language = toText(sql.literal(`pg_catalog.${entity.search.language}`))
  const asked = `rowhouse.search_query(${language}::regconfig, $1)`
  // Elsewhere there are no rows of the tenant to go by.
  const isBounded = hasTenant(entity) && !isShared(entity)
  const body = isBounded ? boundedBody(asked, query, row.column(searchColumn(entity))) : wholeBody(asked, query)
  return {
    ...privateFunction({
      name: findName(entity),
      row: takes,
      returns: returnsOf(entity, index),
      language: 'plpgsql',
      volatility: 'volatile',
      rows: expectedRows,
      body,
      execute: [privateRole],
      comment: `Rows of ${entity.name} that hold some words, whoever may read them.`,
    }),
    owner: searchRole,
  }
}

/** Rows that the index finds. */
function wholeBody(asked: string, query: Sql): string {
  return [
    // A name for the variables: a column may well be called "asked".
    '<<given>>',
    'declare',
    `  asked tsquery := ${asked};`,
    'begin',
    `  perform pg_catalog.set_config('rowhouse.search', given.asked::text, true);`,
    `  return query ${toText(query)};`,
    `  perform pg_catalog.set_config('rowhouse.search', '', true);`,
    'end',
  ].join('\n')
}

/**
 * The same, but never for the rows of all tenants that hold a short beginning: of those that the index finds by the other words, or else of the tenant's, read by its
 * key. Bitmaps are what a GIN index is read by, so without them it is passed over; "!' '" is met by any row.
 */
function boundedBody(asked: string, query: Sql, words: Sql): string {
  return [
    '<<given>>',
    'declare',
    `  asked tsquery := ${asked};`,
    '  sought tsquery := rowhouse.search_index_query(asked);',
    '  is_whole boolean := sought = asked;',
    `  bitmaps text := pg_catalog.current_setting('enable_bitmapscan');`,
    'begin',
    '  if given.sought is null then',
    `    perform pg_catalog.set_config('rowhouse.search', '!'' ''', true), pg_catalog.set_config('enable_bitmapscan', 'off', true);`,
    `    return query ${toText(sql`${query} and ${words} @@ given.asked`)};`,
    `    perform pg_catalog.set_config('enable_bitmapscan', given.bitmaps, true);`,
    '  else',
    `    perform pg_catalog.set_config('rowhouse.search', given.sought::text, true);`,
    `    return query ${toText(sql`${query} and (given.is_whole or ${words} @@ given.asked)`)};`,
    '  end if;',
    `  perform pg_catalog.set_config('rowhouse.search', '', true);`,
    'end',
  ].join('\n')
}

/**
 * `search_<table>(text, ranked)`: of those rows the live ones that the caller may read, with how well each fits, in millionths. Who calls it by
 * SQL learns no more than row security shows.
 */
function searchFunction(entity: Searched, index: ModelIndex): DatabaseFunction {
  const scope: Scope = { index, entity, row: namedRow('t0'), actor: statementActor, related: 'inline', depth: 0 }
  const keys = foundKeys(entity, index.entities)
  const isFound = keys.map(({ name, column }) => sql`${scope.row.column(column)} = found.${sql.identifier(name)}`)
  const found = sql`rowhouse_private.${sql.identifier(findName(entity))}($1, $2) found`
  const tests: readonly Sql[] = [liveSql(entity, scope.row, index), mayToSql('read', scope, sql`caller.role`)]
  const given = [...keys.map(({ name }) => sql`found.${sql.identifier(name)}`), sql`found.rank`]
  const body = sql`select ${sql.join(given, ', ')} from ${found} join ${tableSql(entity)} t0 on ${sql.join(isFound, ' and ')} cross join (select ${callerRole} as role) caller where ${sql.join(
    tests.map((test) => sql`(${test})`),
    ' and ',
  )}`
  const readers = rulesOf(index, entity).filter((rule) => rule.effect === 'allow' && ruleCovers(entity, rule, 'read'))
  return privateFunction({
    name: searchName(entity),
    row: takes,
    returns: returnsOf(entity, index),
    language: 'sql',
    volatility: 'volatile',
    rows: expectedRows,
    body: toText(body),
    execute: readers.flatMap(({ audience }) => audienceRoles(audience)),
    comment: `Rows of ${entity.name} that hold some words and that the caller may read.`,
  })
}

function returnsOf(entity: Searched, index: ModelIndex): string {
  const columns = keyColumnsOf(entity, index.entities)
  const names = foundKeys(entity, index.entities)
  const keys = columns.map((held, at) => `${names[at]!.name} ${heldType(held).replace(/\(.*?\)/, '')}`)
  return `TABLE(${keys.join(', ')}, rank integer)`
}
