import { fitIdentifier, type Sql, sql, toText } from '#base'
import {
  audienceRoles,
  guardedNames,
  heldType,
  idColumnOf,
  liveSql,
  type ModelIndex,
  namedRow,
  rulesOf,
  tableSql,
} from '#policies'
import { type Entity, type Lineage, objectName, ruleCovers, toOnesOf } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { privateFunction } from './private-function.ts'

/** Name of the function that gives the keys of what lies above or below a row. */
export function lineName(entity: Entity, { way }: Pick<Lineage, 'way'>): string {
  return fitIdentifier(`rows_${way === 'up' ? 'above' : 'below'}_${objectName(entity)}`)
}

/** Relations up and down a tree that requests may follow: none where what leads up is hidden from somebody, for they would tell it. */
export function followedLineages(entity: Entity, index: ModelIndex): readonly Lineage[] {
  if (entity.tree === null || guardedNames(entity, index).has(entity.tree)) return []
  return entity.relations.filter((relation) => relation.kind === 'lineage')
}

/** One function for each way that requests may follow. */
export function lineFunctions(entity: Entity, index: ModelIndex): readonly DatabaseFunction[] {
  const followed = followedLineages(entity, index)
  const [up, down] = (['up', 'down'] as const).map((way) => followed.find((relation) => relation.way === way))
  return [up, down].flatMap((relation) => (relation === undefined ? [] : [lineFunction(entity, relation, index)]))
}

/**
 * `rows_above_<table>(row_id)`: keys of the row and of all live rows above it, each with the number of steps between, whoever may read them. What asks
 * joins them with rows that the caller may read. A row that is not live cuts the way. Ends whatever the rows hold.
 */
function lineFunction(entity: Entity, relation: Lineage, index: ModelIndex): DatabaseFunction {
  const key = idColumnOf(entity, index)
  const type = heldType(key).replace(/\(.*?\)/, '')
  const readers = rulesOf(index, entity).filter((rule) => rule.effect === 'allow' && ruleCovers(entity, rule, 'read'))
  return privateFunction({
    name: lineName(entity, relation),
    row: [{ name: 'row_id', type, column: key.column }],
    returns: `TABLE(id ${type}, depth integer)`,
    language: 'sql',
    volatility: 'stable',
    rows: relation.way === 'up' ? 10 : 100,
    body: toText(lineQuery(entity, relation, index)),
    execute: readers.flatMap(({ audience }) => audienceRoles(audience)),
    comment: `Live rows of ${entity.name} ${relation.way === 'up' ? 'above' : 'below'} a row, itself included.`,
  })
}

function lineQuery(entity: Entity, { way, by }: Lineage, index: ModelIndex): Sql {
  const key = idColumnOf(entity, index).column
  const link = toOnesOf(entity).find(({ name }) => name === by)!.column
  const rows = (alias: string, test: (row: ReturnType<typeof namedRow>) => Sql) => {
    const row = namedRow(alias)
    const live = liveSql(entity, row, index)
    return sql`${row.column(key)}, ${row.column(link)} from ${tableSql(entity)} ${sql.raw(alias)} where ${test(row)} and ${live}`
  }
  const first = rows('t0', (row) => sql`${row.column(key)} = $1`)
  // `offset 0`: each step by an index, whatever the planner thinks of how many rows are met.
  const near = rows('t1', (row) =>
    way === 'up' ? sql`${row.column(key)} = line.up` : sql`${row.column(link)} = line.id`,
  )
  const [start, rest] = [sql`select t0.id, t0.up, 0 from (select ${first}) t0 (id, up)`, sql`(select ${near} offset 0)`]
  const next = sql`select t1.id, t1.up, line.depth + 1 from line cross join lateral ${rest} t1 (id, up)`
  return sql`with recursive line (id, up, depth) as (${start} union all ${next}) cycle id set is_met using way select line.id, line.depth from line where not line.is_met`
}
