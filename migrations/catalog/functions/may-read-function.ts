import { fitIdentifier, sql, toText } from '#base'
import { callerRole, type ModelIndex, mayToSql, namedRow, type Scope, statementActor } from '#policies'
import type { Entity } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { privateFunction } from './private-function.ts'

/** Name of the function that tells whether the caller may read a row of the entity. */
export function mayReadName(entity: Entity): string {
  return fitIdentifier(`may_read_${entity.table}`)
}

/**
 * Whether the read rules show the row to the caller. It asks nothing about `deleted_at`: a restore must know it of a removed
 * row. It looks at the rules, not at row security, which foreign-key cascades switch off.
 */
export function mayReadFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const scope: Scope = { index, entity, row: namedRow('t0'), actor: statementActor, related: 'inline', depth: 0 }
  // `$1`, not its name: in SQL functions a column of that name would win.
  const row = sql`select from ${sql.identifier('app', entity.table)} t0 cross join (select ${callerRole} as role) caller where t0."id" = $1`
  const body = sql`select exists (${row} and ${mayToSql('read', scope, sql`caller.role`)})`
  return privateFunction({
    name: mayReadName(entity),
    takesRow: true,
    returns: 'boolean',
    language: 'sql',
    volatility: 'stable',
    body: toText(body),
    execute: [],
    comment: `Whether the read rules of ${entity.name} show the row to the caller.`,
  })
}
