import { fitIdentifier, type Sql, sql, toText } from '#base'
import {
  allOf,
  columnOf,
  conditionToSql,
  idColumnOf,
  keptSql,
  type ModelIndex,
  namedRow,
  statementActor,
  unexpiredSql,
} from '#policies'
import { builtInField, columnFields, type Entity, objectName, tenantColumnOf, type Unique } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { dependantsOf } from './cascade.ts'
import { privateFunction } from './private-function.ts'
import { tableName } from './raise.ts'
import type { Refill } from './refill-function.ts'
import type { Fill } from './values-function.ts'
import { removedColumn } from './verb-body.ts'

/** Column whose instant ends a row, or null. */
export function expiryColumn(entity: Entity): string | null {
  return columnFields(entity).find(({ name }) => name === entity.expires)?.column ?? null
}

/** Name of the index that finds expired rows. */
export function expiryIndexName(entity: Entity): string {
  return fitIdentifier(`${objectName(entity)}__expires_idx`)
}

/** A new row finds the values of expired ones free: no index can ask for `now()`, so those are marked as removed first. */
export function expiryFills(entity: Entity, index: ModelIndex): readonly Fill[] {
  return freed(entity).map((unique) => ({ declarations: [], lines: [`  ${free(entity, unique, index)}`] }))
}

/** The same for a row that comes to have such a value, or comes back with it. */
export function expiryRefills(entity: Entity, index: ModelIndex): readonly Refill[] {
  const removed = builtInField(entity, 'deletedAt')
  return freed(entity).flatMap((unique) => {
    const lines = [`  if new.${removedColumn(entity)} is null then ${free(entity, unique, index)} end if;`]
    const columns = [...unique.on.map((name) => columnOf(entity, name, index).column), removed!.column]
    return columns.map((column) => ({ column, lines }))
  })
}

function freed(entity: Entity): readonly Unique[] {
  const isLasting = entity.expires === null || entity.immutable || builtInField(entity, 'deletedAt') === null
  return isLasting ? [] : entity.unique.filter(({ removed }) => removed === 'ignored')
}

function free(entity: Entity, unique: Unique, index: ModelIndex): string {
  const [there, coming] = [namedRow('t0'), namedRow('new')]
  const alike = unique.on.map((name) => {
    const { column, type } = columnOf(entity, name, index)
    const [a, b] = [there.column(column), coming.column(column)]
    const [left, right] = type.kind === 'text' && type.ignoreCase ? [sql`lower(${a})`, sql`lower(${b})`] : [a, b]
    return unique.nulls === 'equal' ? sql`${left} is not distinct from ${right}` : sql`${left} = ${right}`
  })
  const tenant = tenantColumnOf(entity)
  const scope = { index, entity, row: there, actor: statementActor, related: 'inline', depth: 0 } as const
  const tests = [
    ...(tenant === null ? [] : [sql`${there.column(tenant)} = ${coming.column(tenant)}`]),
    ...alike,
    keptSql(entity, there),
    ...(unique.where === null ? [] : [sql`(${conditionToSql(unique.where, scope)})`]),
    sql`not (${unexpiredSql(entity, there)!})`,
  ]
  return `update ${tableName(entity)} t0 set ${removedColumn(entity)} = now() where ${toText(allOf(tests))};`
}

/** Name of the function that deletes expired rows for good. */
export function purgeName(entity: Entity): string {
  return fitIdentifier(`purge_${objectName(entity)}`)
}

/**
 * `purge_<table>(most)`: deletes expired rows of the tenant of the transaction, the oldest first; how many went. For the owner and
 * what works for it, never for a request. Rows that others need (`onDelete: 'restrict'`) stay until those are gone.
 */
export function purgeFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const row = namedRow('t0')
  const until = toText(row.column(expiryColumn(entity)!))
  const needed = dependantsOf(entity, index)
    .filter(({ relation }) => relation.onDelete === 'restrict')
    .map(({ entity: other, relation }): Sql => {
      const link = sql`t1.${sql.identifier(relation.column)} = ${row.column(idColumnOf(entity, index).column)}`
      return sql`not exists (select from ${sql.raw(tableName(other))} t1 where ${link})`
    })
  const tests = toText(allOf([sql`not (${unexpiredSql(entity, row)!})`, ...needed]))
  const made = privateFunction({
    name: purgeName(entity),
    returns: 'bigint',
    language: 'plpgsql',
    volatility: 'volatile',
    body: [
      'declare',
      '  gone bigint;',
      'begin',
      `  delete from ${tableName(entity)} d where d.ctid = any (array(`,
      `    select t0.ctid from ${tableName(entity)} t0 where ${tests} order by ${until} limit $1 for update skip locked`,
      '  ));',
      '  get diagnostics gone = row_count;',
      '  return gone;',
      'end',
    ].join('\n'),
    execute: [':OWNER'],
    comment: `Deletes expired rows of ${entity.name} for good; how many.`,
  })
  return { ...made, arguments: 'most integer', identity: 'integer' }
}

/** Entities whose rows expire. */
export function expiring(index: ModelIndex): readonly Entity[] {
  return index.model.entities.filter((entity) => expiryColumn(entity) !== null)
}
