import { fitIdentifier, type Sql, sql, toText } from '#base'
import {
  allowing,
  allowsToSql,
  audienceRoles,
  callerRole,
  deniedToSql,
  denying,
  inAudienceToSql,
  keptSql,
  lastingSql,
  liveSql,
  type ModelIndex,
  mayToSql,
  namedRow,
  reservesOf,
  type Scope,
  statementActor,
  tableSql,
} from '#policies'
import { type Entity, isHistory, isReadOnly, isShared, keyColumnsOf, objectName, type Rule, verbsOf } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { rowKeyOf } from '../row-key.ts'
import { privateFunction, rowArguments } from './private-function.ts'

/** Name of the function that says on which rows the caller may do a verb. */
export function rightsName(entity: Entity): string {
  return fitIdentifier(`rights_${objectName(entity)}`)
}

/** Verbs that the function knows: all about a row that is there, but `read`, which row security answers. None where rows have keys of several columns. */
export function rightsVerbs(entity: Entity, index: ModelIndex): readonly string[] {
  if (entity.link !== null || isHistory(entity) || isReadOnly(entity)) return []
  if (keyColumnsOf(entity, index.entities).length !== 1) return []
  const verbs = verbsOf(entity).filter((verb) => verb !== 'read' && verb !== 'create')
  return verbs.filter((verb) => allowing(verb, scopeOf(entity, index)).length > 0)
}

/**
 * `rights_<table>(verb, keys, fields)`: of those rows the ones that the caller may read and do the verb on as they are, by one rule that covers the
 * fields. A row that is absent, removed, hidden or of another tenant is not among them; nothing tells which. Nothing is written and no row is locked.
 */
export function rightsFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const verbs = rightsVerbs(entity, index)
  // As signatures have it: without length.
  const [{ type } = { type: 'uuid' }] = rowArguments(entity, index)
  const body = [
    'declare',
    `  caller text := ${toText(callerRole)};`,
    'begin',
    `  return query ${rowsQuery(entity, verbs, index)};`,
    'end',
  ].join('\n')
  return privateFunction({
    name: rightsName(entity),
    takes: ['text', `${type}[]`, 'text[]'],
    returns: `setof ${type}`,
    language: 'plpgsql',
    volatility: 'stable',
    rows: 100,
    body,
    execute: verbs.flatMap((verb) =>
      allowing(verb, scopeOf(entity, index)).flatMap(({ audience }) => audienceRoles(audience)),
    ),
    comment: `On which of the rows of ${entity.name} the caller may do a verb.`,
  })
}

function scopeOf(entity: Entity, index: ModelIndex): Scope {
  return { index, entity, row: namedRow('t0'), actor: statementActor, related: 'inline', depth: 0 }
}

const caller = sql`caller`

/** The right to read is asked once, whatever the verb. */
function rowsQuery(entity: Entity, verbs: readonly string[], index: ModelIndex): string {
  const scope = scopeOf(entity, index)
  const key = rowKeyOf(entity, index).of(scope.row)
  const each = verbs.map((verb) => sql`\n        when ${sql.literal(verb)} then ${rulesToSql(entity, verb, scope)}`)
  const tests = [
    sql`${key} = any ($2)`,
    stateToSql(entity, verbs, scope),
    // Rows of all are nobody's to change.
    ...(isShared(entity) ? [sql`not ${scope.row.column('is_shared')}`] : []),
    sql`(${mayToSql('read', scope, caller)})`,
    sql`case $1${sql.join(each, '')}\n        else false end`,
  ]
  return toText(sql`select ${key} from ${tableSql(entity)} t0 where ${sql.join(tests, '\n      and ')}`)
}

/** Removed rows are there to be restored, and for nothing else. */
function stateToSql(entity: Entity, verbs: readonly string[], { row, index }: Scope): Sql {
  const live = liveSql(entity, row, index)
  if (!verbs.includes('restore')) return live
  const lasting = lastingSql(entity, row, index)
  const removed = sql`not (${keptSql(entity, row)})${lasting === null ? sql.empty : sql` and ${lasting}`}`
  return sql`case when $1 = 'restore' then ${removed} else ${live} end`
}

function rulesToSql(entity: Entity, verb: string, scope: Scope): Sql {
  const tests = [
    sql`(${allowedToSql(verb, scope)})`,
    ...denying(verb, scope).map((rule) => sql`not (${deniedToSql(rule, scope, caller)})`),
    ...unreserved(entity, verb, scope),
  ]
  return sql.join(tests, ' and ')
}

/** One single rule covers all of the fields. */
function allowedToSql(verb: string, scope: Scope): Sql {
  const each = allowing(verb, scope).map((rule) => {
    const covered = rule.fields === null ? [] : [sql`$3 <@ ${namesSql(rule.fields)}`]
    return sql`(${sql.join([sql`(${holdsToSql(rule, scope)})`, ...covered], ' and ')})`
  })
  return sql.join(each, ' or ')
}

function holdsToSql(rule: Rule, scope: Scope): Sql {
  return sql`${inAudienceToSql(rule.audience, caller)} and (${allowsToSql(rule, scope)})`
}

/** None of the fields is for others. */
function unreserved(entity: Entity, verb: string, scope: Scope): readonly Sql[] {
  if (verb !== 'update') return []
  return [...reservesOf(entity, verb, scope.index)].map(([name, rules]) => {
    const own = rules.map((rule) => sql`(${holdsToSql(rule, scope)})`)
    return sql`(${sql.literal(name)} <> all ($3) or ${sql.join(own, ' or ')})`
  })
}

function namesSql(names: readonly string[]): Sql {
  const list = names.map((name) => sql.literal(name))
  return sql`array[${sql.join(list, ', ')}]::text[]`
}
