import { fitIdentifier, type Sql, sql, toText } from '#base'
import {
  allOf,
  audienceRoles,
  bareRow,
  columnOf,
  conditionToSql,
  expiredSetName,
  expiringWholes,
  heldType,
  idColumnOf,
  keptSql,
  lastingSql,
  type ModelIndex,
  namedRow,
  type RolePlaceholder,
  type RowReference,
  rulesOf,
  statementActor,
  tableSql,
  unexpiredSql,
} from '#policies'
import {
  builtInField,
  type Condition,
  columnFields,
  type Entity,
  isRemovable,
  type NoOverlap,
  namesIn,
  objectName,
  ruleCovers,
  tenantColumnOf,
  type Unique,
} from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { hasPeriod, inOrder, namesOf, rangeOf } from '../exclusions.ts'
import { linkReaders } from '../links.ts'
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

/** A new row finds the values and periods of expired ones free: no index can ask for `now()`, so those are marked as removed first. */
export function expiryFills(entity: Entity, index: ModelIndex): readonly Fill[] {
  return freed(entity, index).map((each) => ({ declarations: [], lines: [`  ${free(entity, each, index)}`] }))
}

/** The same for a row that comes to have such a value, or comes back with it. */
export function expiryRefills(entity: Entity, index: ModelIndex): readonly Refill[] {
  const removed = builtInField(entity, 'deletedAt')
  return freed(entity, index).flatMap((each) => {
    const lines = [`  if new.${removedColumn(entity)} is null then ${free(entity, each, index)} end if;`]
    const names = new Set([...each.names, ...(each.where === null ? [] : namesIn(each.where))])
    const columns = [...names].map((name) => columnOf(entity, name, index).column)
    return [...columns, removed!.column].map((column) => ({ column, lines }))
  })
}

/** What no two live rows may have alike. */
interface Held {
  /** Fields and to-one relations that it is about. */
  readonly names: readonly string[]
  readonly where: Condition | null
  /** What must hold of the row that comes, or it cannot be asked. */
  readonly when: Sql | null
  /** That a row that is there would stand in the way of one that comes. */
  readonly clash: (there: RowReference, coming: RowReference) => readonly Sql[]
}

function freed(entity: Entity, index: ModelIndex): readonly Held[] {
  const isLasting = lastingSql(entity, bareRow, index) === null
  if (isLasting || !isRemovable(entity)) return []
  const uniques = entity.unique.filter(({ removed }) => removed === 'ignored')
  return [
    ...uniques.map((unique) => heldValue(entity, unique, index)),
    ...entity.noOverlap.map((each) => heldPeriod(entity, each, index)),
  ]
}

function heldValue(entity: Entity, unique: Unique, index: ModelIndex): Held {
  const clash: Held['clash'] = (there, coming) =>
    unique.on.map((name) => {
      const { column, type } = columnOf(entity, name, index)
      const [a, b] = [there.column(column), coming.column(column)]
      const [left, right] = type.kind === 'text' && type.ignoreCase ? [sql`lower(${a})`, sql`lower(${b})`] : [a, b]
      return unique.nulls === 'equal' ? sql`${left} is not distinct from ${right}` : sql`${left} = ${right}`
    })
  return { names: unique.on, where: unique.where, when: null, clash }
}

function heldPeriod(entity: Entity, each: NoOverlap, index: ModelIndex): Held {
  const clash: Held['clash'] = (there, coming) => [
    ...each.on.map((name) => {
      const { column } = columnOf(entity, name, index)
      return sql`${there.column(column)} = ${coming.column(column)}`
    }),
    ...hasPeriod(entity, each.during, there),
    ...hasPeriod(entity, each.during, coming),
    sql`${rangeOf(entity, each.during, index, there)} && ${rangeOf(entity, each.during, index, coming)}`,
  ]
  // Ends the wrong way round make no range, and are refused by a check that comes after this.
  const when = sql`(${inOrder(entity, each, { index, row: namedRow('new') })}) is not false`
  return { names: [...each.on, ...namesOf(each.during)], where: each.where, when, clash }
}

function free(entity: Entity, held: Held, index: ModelIndex): string {
  const [there, coming] = [namedRow('t0'), namedRow('new')]
  const tenant = tenantColumnOf(entity)
  const scope = { index, entity, row: there, actor: statementActor, related: 'inline', depth: 0 } as const
  const tests = [
    ...(tenant === null ? [] : [sql`${there.column(tenant)} = ${coming.column(tenant)}`]),
    ...held.clash(there, coming),
    keptSql(entity, there),
    ...(held.where === null ? [] : [sql`(${conditionToSql(held.where, scope)})`]),
    sql`(${lastingSql(entity, there, index)!}) is not true`,
  ]
  const mark = `update ${tableName(entity)} t0 set ${removedColumn(entity)} = now() where ${toText(allOf(tests))};`
  return held.when === null ? mark : `if ${toText(held.when)} then ${mark} end if;`
}

/** Entities of whose rows some have expired parts. */
function wholesOf(index: ModelIndex): readonly Entity[] {
  const names = new Set(index.model.entities.flatMap((entity) => expiringWholes(entity, index)).map(({ to }) => to))
  return index.model.entities.filter(({ name }) => names.has(name))
}

/**
 * `expired_<table>()`: the rows of wholes that have expired, until they are purged, removed ones too. Policies of their parts ask it once
 * per statement, as nobody else's eyes see them any more.
 */
export function expiredSetFunctions(index: ModelIndex): readonly DatabaseFunction[] {
  return wholesOf(index).map((entity) => {
    const row = namedRow('t0')
    const id = idColumnOf(entity, index)
    const isOver = sql`(${lastingSql(entity, row, index)!}) is not true`
    return privateFunction({
      name: expiredSetName(entity),
      returns: `SETOF ${heldType(id).replace(/\(.*?\)/, '')}`,
      language: 'sql',
      volatility: 'stable',
      rows: 100,
      body: toText(sql`select ${row.column(id.column)} from ${tableSql(entity)} t0 where ${isOver}`),
      execute: askersOf(entity, index),
      comment: `Rows of ${entity.name} that have expired, and their parts with them.`,
    })
  })
}

/** Roles with a policy that asks which rows of the whole have expired: nobody else learns of rows that nobody sees. */
function askersOf(whole: Entity, index: ModelIndex): readonly RolePlaceholder[] {
  const parts = index.model.entities.filter((entity) =>
    expiringWholes(entity, index).some(({ to }) => to === whole.name),
  )
  return parts.flatMap((part) => {
    const rules = rulesOf(index, part).filter(
      (rule) => rule.effect !== 'deny' && ruleCovers(part, rule, 'read', 'update', 'delete'),
    )
    const readers = part.link === null ? [] : linkReaders(part, index)
    return [...readers, ...rules.flatMap(({ audience }) => audienceRoles(audience))]
  })
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
