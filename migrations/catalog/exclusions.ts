import { canonicalHash, fitIdentifier, type Sql, snakeCase, sql, toText } from '#base'
import {
  bareRow,
  columnOf,
  conditionToSql,
  keptSql,
  type ModelIndex,
  type RowReference,
  statementActor,
  throughUtc,
} from '#policies'
import { columnField, type Entity, isZoneless, type NoOverlap } from '#schema'
import type { Constraint } from './catalog.ts'
import { keyColumns } from './constraints.ts'

/** Extension whose operators let ids and texts stand beside ranges in an exclusion constraint. Trusted: the owner of a database may make it. */
export const exclusionExtension = 'btree_gist'

/** Constraints that keep periods of live rows apart, with the checks that pairs of ends are in order. */
export function exclusionsOf(entity: Entity, index: ModelIndex): readonly Constraint[] {
  const pairs = new Map(
    entity.noOverlap.flatMap((each) => pairChecks(entity, each, index)).map((each) => [each.name, each]),
  )
  return [...pairs.values(), ...entity.noOverlap.map((each) => exclusion(entity, each, index))]
}

/** Name of the constraint behind a `noOverlap`: index names are shared by the whole schema, so it ends in a hash. */
export function exclusionName(entity: Entity, { on, during, where }: NoOverlap): string {
  const hash = canonicalHash({ table: entity.table, on, during, where }).slice(0, 8)
  const words = [...on, ...namesOf(during)].map((name) => snakeCase(name).replaceAll('.', '_'))
  return fitIdentifier([entity.table, ...words, hash, 'excl'].join('_'))
}

/** Name of the check that a pair of ends is in order. It ends in a hash: `starts` and `at` would meet a field `starts_at`. */
export function pairCheckName(entity: Entity, pair: readonly string[]): string {
  const columns = pair.map((name) => columnField(entity, name)?.column ?? name)
  return fitIdentifier([entity.table, ...columns, canonicalHash({ pair }).slice(0, 8), 'check'].join('_'))
}

/** The fields that a period lies in. */
export function namesOf(during: NoOverlap['during']): readonly string[] {
  return typeof during === 'string' ? [during] : during
}

function exclusion(entity: Entity, each: NoOverlap, index: ModelIndex): Constraint {
  const alike = keyColumns(entity, ...each.on.map((name) => columnOf(entity, name, index).column)).map(
    (column) => sql`${sql.identifier(column)} with =`,
  )
  const parts = sql.join([...alike, sql`${rangeOf(entity, each.during, index)} with &&`], ', ')
  const scope = { index, entity, row: bareRow, actor: statementActor, related: 'inline', depth: 0 } as const
  const only = each.where === null ? sql`` : sql` and (${conditionToSql(each.where, scope)})`
  const given = hasPeriod(entity, each.during).map((test) => sql` and ${test}`)
  const definition = toText(
    sql`exclude using gist (${parts}) where (${keptSql(entity, bareRow)}${sql.join(given, '')}${only})`,
  )
  return { name: exclusionName(entity, each), kind: 'exclude', definition }
}

/** The column of a period, or the range between two columns. A missing end is open; the last day counts, the last instant does not. */
export function rangeOf(entity: Entity, during: NoOverlap['during'], index: ModelIndex, row = bareRow): Sql {
  if (typeof during === 'string') return row.column(columnOf(entity, during, index).column)
  const [from, to] = during.map((name) => columnOf(entity, name, index))
  const ends = sql`${row.column(from!.column)}, ${throughUtc(row.column(to!.column), to!, from!)}`
  if (from!.type.kind === 'date') return sql`daterange(${ends}, '[]')`
  return isZoneless(from!) ? sql`tsrange(${ends}, '[)')` : sql`tstzrange(${ends}, '[)')`
}

/** That a pair of ends of the row makes a range; true of a period. */
export function inOrder(
  entity: Entity,
  { during }: NoOverlap,
  { index, row = bareRow }: { readonly index: ModelIndex; readonly row?: RowReference },
): Sql {
  if (typeof during === 'string') return sql`true`
  const [from, to] = during.map((name) => columnOf(entity, name, index))
  const order = from!.type.kind === 'date' ? sql`<=` : sql`<`
  return sql`${row.column(from!.column)} ${order} ${throughUtc(row.column(to!.column), to!, from!)}`
}

/** A row with neither end has no period. Without this it would be one for ever, and meet every other. Nothing where each row has one. */
export function hasPeriod(entity: Entity, during: NoOverlap['during'], row = bareRow): readonly Sql[] {
  const ends = typeof during === 'string' ? [] : during.map((name) => columnField(entity, name))
  if (ends.length === 0 || ends.some((field) => field?.optional === false)) return []
  const tests = ends.map((field) => sql`${row.column(field!.column)} is not null`)
  return [sql`(${sql.join(tests, ' or ')})`]
}

/** Else a row whose end lies before its beginning would be refused with words that name no field. */
function pairChecks(entity: Entity, each: NoOverlap, index: ModelIndex): readonly Constraint[] {
  const { during } = each
  if (typeof during === 'string') return []
  const test = inOrder(entity, each, { index })
  return [{ name: pairCheckName(entity, during), kind: 'check', definition: toText(sql`check (${test})`) }]
}
