import { fitIdentifier, type Sql, sql, toText } from '#base'
import { entityOf, idColumnOf, keptSql, liveSql, type ModelIndex, namedRow, tableSql } from '#policies'
import { type Entity, hasDeletedAt, isShared, objectName, type ToOne, toOnesOf } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { lookedAt, mayReadName, readableSql } from './may-read-function.ts'
import { privateFunction } from './private-function.ts'
import { refuseOurs } from './target-tenant.ts'

/** Name of the trigger function that looks at the targets of to-one relations. */
export function linkName(entity: Entity): string {
  return fitIdentifier(`link_${objectName(entity)}`)
}

/**
 * Trigger function: a to-one may only be set to a live row that the caller may read. Hidden, removed and absent targets give
 * one answer, RH404. The target is locked as the foreign key would lock it later, so that it cannot be removed meanwhile.
 */
export function linkFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const relations = toOnesOf(entity)
  const body = [
    'declare',
    '  reachable boolean;',
    'begin',
    ...relations.flatMap((relation) => relationTest(relation, entity, index)),
    '  return new;',
    'end',
  ].join('\n')
  return privateFunction({
    name: linkName(entity),
    returns: 'trigger',
    language: 'plpgsql',
    volatility: 'volatile',
    body,
    execute: [':OWNER'],
    comment: `Relations of ${entity.name} lead to live rows that the caller may read.`,
  })
}

function relationTest(relation: ToOne, entity: Entity, index: ModelIndex): readonly string[] {
  const target = entityOf(index, relation.to)
  const column = toText(sql.identifier(relation.column))
  const row = namedRow('t0')
  const isTarget = sql`${row.column(idColumnOf(target, index).column)} = ${sql.raw('new')}.${sql.identifier(relation.column)}`
  const lines =
    hasDeletedAt(target) && !(isShared(target) && relation.part)
      ? liveLines(target, isTarget, index)
      : readLines(target, relation, index)
  // The caller may always be named, also where it may not read its own row.
  const own = target.name === index.model.actor?.entity ? ` and new.${column} is distinct from rowhouse.actor_id()` : ''
  const at = `schema = ${toText(sql.literal(entity.schema))}, table = ${toText(sql.literal(entity.table))}, column = ${toText(sql.literal(relation.column))}`
  const changed = `new.${column} is not null${own}`
  return [
    `  if ${changed} then`,
    `    if tg_op = 'INSERT' or new.${column} is distinct from old.${column} then`,
    '      reachable := false;',
    ...lines,
    '      if reachable is not true then',
    `        raise exception using errcode = 'RH404', ${at}, message = 'there is no such row';`,
    '      end if;',
    '    end if;',
    '  end if;',
  ]
}

/**
 * One statement finds the row, asks whether the caller may read it, and locks it: nothing is locked, and nobody waited for, that
 * the caller may not read. Where Postgres waited for the row, it asks again of the row as it is then. `is true` keeps subqueries
 * from becoming joins, whose rows it would take from before the wait.
 */
function liveLines(target: Entity, isTarget: Sql, index: ModelIndex): readonly string[] {
  const kept = keptSql(target, namedRow('t0'))
  const tests = sql`${isTarget} and (${kept} and ${readableSql(target, index)}) is true`
  const found = toText(sql`select true into reachable from ${lookedAt(target)} where ${tests}`)
  const lines = [`      ${found} for key share of t0;`]
  if (!isShared(target)) return lines
  // Ours are nobody's to lock, and nobody removes them meanwhile but us.
  return [...lines, '      if reachable is not true then', `        ${found} and t0."is_shared";`, '      end if;']
}

/** Of what is never removed, which needs no lock but the foreign key's own; or of what is changed as a part of the target. */
function readLines(target: Entity, relation: ToOne, index: ModelIndex): readonly string[] {
  const row = namedRow('t0')
  const column = `new.${toText(sql.identifier(relation.column))}`
  const isTarget = toText(sql`${row.column(idColumnOf(target, index).column)} = ${sql.raw(column)}`)
  const found = hasDeletedAt(target)
    ? `select true into reachable from ${toText(tableSql(target))} t0 where ${isTarget} and ${toText(liveSql(target, row, index))} for key share;`
    : 'reachable := true;'
  const ofAnother = isShared(target) && relation.part ? refuseOurs(target, isTarget).map((line) => `    ${line}`) : []
  const mayRead = toText(sql.identifier('rowhouse_private', mayReadName(target)))
  return [`      if ${mayRead}(${column}) then`, ...ofAnother, `        ${found}`, '      end if;']
}
