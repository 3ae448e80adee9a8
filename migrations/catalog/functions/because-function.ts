import { fitIdentifier, sql, toText } from '#base'
import {
  audienceRoles,
  callerRole,
  deniedToSql,
  denying,
  liveSql,
  type ModelIndex,
  namedRow,
  rowActor,
  allowing as rulesAllowing,
  type Scope,
} from '#policies'
import { type Entity, objectName, type Rule } from '#schema'
import { commentText } from '../../render/comment-text.ts'
import type { DatabaseFunction } from '../catalog.ts'
import { mayReadName } from './may-read-function.ts'
import { privateFunction, rowArguments } from './private-function.ts'
import { tableName } from './raise.ts'
import { isRow } from './verb-body.ts'

/** Verbs that row security refuses without a word; the others raise the reason themselves. */
const silentVerbs = ['update', 'delete'] as const

/** Name of the function that tells why a change was refused. */
export function becauseName(entity: Entity): string {
  return fitIdentifier(`because_${objectName(entity)}`)
}

/** True where a rule denies updates or deletes. */
export function tellsWhy(entity: Entity, index: ModelIndex): boolean {
  return silentVerbs.some((verb) => denying(verb, scopeOf(entity, index)).length > 0)
}

/**
 * `because_<table>(row_id, verb)`: the first rule that denies the caller to update or delete the row as it is, `{ title, because }`; null
 * where none does, and for rows that the caller may not read.
 */
export function becauseFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const row = rowArguments(entity, index)
  const names = row.map(({ name }) => name).join(', ')
  const mayRead = toText(sql.identifier('rowhouse_private', mayReadName(entity)))
  const live = toText(liveSql(entity, namedRow('t0'), index))
  const body = [
    'declare',
    `  caller text := ${toText(callerRole)};`,
    `  target ${tableName(entity)};`,
    'begin',
    `  if not ${mayRead}(${names}) then return null; end if;`,
    `  select t0.* into target from ${tableName(entity)} t0 where ${isRow(entity, index)} and ${live};`,
    '  if not found then return null; end if;',
    ...silentVerbs.flatMap((verb) => reasonLines(entity, verb, index)),
    '  return null;',
    'end',
  ].join('\n')
  const made = privateFunction({
    name: becauseName(entity),
    row,
    returns: 'text',
    language: 'plpgsql',
    volatility: 'stable',
    body,
    execute: rulesAllowing('read', scopeOf(entity, index)).flatMap((rule) => audienceRoles(rule.audience)),
    comment: `Why a change of a row of ${entity.name} is refused, to whom may read it.`,
  })
  return { ...made, arguments: `${made.arguments}, verb text`, identity: `${made.identity}, text` }
}

function reasonLines(entity: Entity, verb: (typeof silentVerbs)[number], index: ModelIndex): readonly string[] {
  const scope = scopeOf(entity, index)
  const rules = denying(verb, scope)
  if (rules.length === 0) return []
  return [
    `  if verb = ${toText(sql.literal(verb))} then`,
    ...rules.flatMap((rule) => [
      `    -- ${commentText(rule.title)}`,
      `    if ${toText(deniedToSql(rule, scope, sql`caller`))} then return ${told(rule)}; end if;`,
    ]),
    '  end if;',
  ]
}

function told({ title, because }: Rule): string {
  const of = (text: string | null) => (text === null ? 'null' : toText(sql.literal(text)))
  return `pg_catalog.json_build_object('title', ${of(title)}, 'because', ${of(because)})::text`
}

function scopeOf(entity: Entity, index: ModelIndex): Scope {
  return { index, entity, row: namedRow('target'), actor: rowActor, related: 'inline', depth: 0 }
}
