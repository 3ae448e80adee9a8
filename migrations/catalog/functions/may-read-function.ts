import { fitIdentifier, type Sql, sql, toText } from '#base'
import {
  callerRole,
  lastingSql,
  type ModelIndex,
  mayToSql,
  namedRow,
  type Scope,
  statementActor,
  tableSql,
} from '#policies'
import { type Entity, objectName } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { privateFunction, rowArguments } from './private-function.ts'

/** Name of the function that tells whether the caller may read a row of the entity. */
export function mayReadName(entity: Entity): string {
  return fitIdentifier(`may_read_${objectName(entity)}`)
}

/**
 * Whether the read rules show the row to the caller. It asks nothing about `deleted_at`: a restore must know it of a removed
 * row. An expired row is nobody's to read. It looks at the rules, not at row security, which foreign-key cascades switch off.
 */
export function mayReadFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const row = rowArguments(entity, index)
  // `$1`, not its name: in SQL functions a column of that name would win.
  const isRow = sql.join(
    row.map(({ column }, at) => sql`${namedRow('t0').column(column)} = ${sql.raw(`$${at + 1}`)}`),
    ' and ',
  )
  const body = sql`select exists (select from ${lookedAt(entity)} where ${isRow} and ${readableSql(entity, index)})`
  return privateFunction({
    name: mayReadName(entity),
    row,
    returns: 'boolean',
    language: 'sql',
    volatility: 'stable',
    body: toText(body),
    execute: [],
    comment: `Whether the read rules of ${entity.name} show the row to the caller.`,
  })
}

/** What the caller looks at: the row `t0` of the entity, beside the caller's role. */
export function lookedAt(entity: Entity): Sql {
  return sql`${tableSql(entity)} t0 cross join (select ${callerRole} as role) caller`
}

/** That the caller may read the row `t0` of {@link lookedAt}. */
export function readableSql(entity: Entity, index: ModelIndex): Sql {
  const scope: Scope = { index, entity, row: namedRow('t0'), actor: statementActor, related: 'inline', depth: 0 }
  const unexpired = lastingSql(entity, scope.row, index)
  const tests = [...(unexpired === null ? [] : [unexpired]), mayToSql('read', scope, sql`caller.role`)]
  return sql.join(tests, ' and ')
}
