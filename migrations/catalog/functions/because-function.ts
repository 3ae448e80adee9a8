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

/** True where a rule that denies updates or deletes says why. */
export function tellsWhy(entity: Entity, index: ModelIndex): boolean {
  return silentVerbs.some((verb) => reasons(entity, verb, index).length > 0)
}

/**
 * `because_<table>(row_id, verb)`: what the first rule says that denies the caller to update or delete the row as it is; null where none
 * does, where it says nothing, and for rows that the caller may not read.
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
  const rules = reasons(entity, verb, index)
  if (rules.length === 0) return []
  return [
    `  if verb = ${toText(sql.literal(verb))} then`,
    ...rules.flatMap((rule) => [
      `    -- ${commentText(rule.title)}`,
      `    if ${toText(deniedToSql(rule, scope, sql`caller`))} then return ${toText(sql.literal(rule.because!))}; end if;`,
    ]),
    '  end if;',
  ]
}

function reasons(entity: Entity, verb: string, index: ModelIndex): readonly Rule[] {
  return denying(verb, scopeOf(entity, index)).filter(({ because }) => because !== null)
}

function scopeOf(entity: Entity, index: ModelIndex): Scope {
  return { index, entity, row: namedRow('target'), actor: rowActor, related: 'inline', depth: 0 }
}
