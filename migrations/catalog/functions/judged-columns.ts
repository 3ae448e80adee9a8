import { type Sql, sql, toText } from '#base'
import { allowing, allowsToSql, becomingToSql, type ModelIndex, namedRow, type RowReference, rowActor } from '#policies'
import type { Entity } from '#schema'
import { columnsOf } from '../columns.ts'
import { uncovered, updatable } from '../writable-columns.ts'
import { isSaid } from './judged-rules.ts'

/**
 * Columns of which a change must be judged rule by rule; none where the row policies say all. Where none of them changes, each rule of
 * updates says of the new row what it said of the old one and covers whatever changed, and the policies have found one that allows the old
 * row. Null where each update must be judged: a rule gives values or compares with the old row; rules have other conditions for the new
 * row, and not all the same; or a value may change and still be equal.
 */
export function judgedColumns(entity: Entity, index: ModelIndex): readonly string[] | null {
  let known = columnsByIndex.get(index)
  if (known === undefined) {
    known = new Map()
    columnsByIndex.set(index, known)
  }
  if (!known.has(entity)) known.set(entity, findColumns(entity, index))
  return known.get(entity)!
}

/** Asked for with each part of the guard. */
const columnsByIndex = new WeakMap<ModelIndex, Map<Entity, readonly string[] | null>>()

function findColumns(entity: Entity, index: ModelIndex): readonly string[] | null {
  const read = new Set<string>()
  const scope = { index, entity, actor: rowActor, related: 'inline', depth: 0, carries: true } as const
  const before = { ...scope, row: noted(namedRow('old'), read) }
  const after = { ...scope, row: noted(namedRow('new'), read), before: namedRow('old') }
  const rules = allowing('update', after)
  if (!rules.every(isSaid)) return null
  const texts = rules.map((rule) => toText(sql`${allowsToSql(rule, before)}; ${becomingToSql(rule, after)}`))
  const beyond = rules.flatMap((rule) => uncovered(rule, updatable(entity, index))).map(({ column }) => column)
  // The policies of all rules hold both rows to the same.
  if (new Set(texts).size < 2) return unique(beyond)
  // One rule may have let the old row pass, another one the new.
  if (!rules.every(({ becoming }) => becoming === null || becoming === 'anything')) return null
  return tellsChanges(entity, index, read) ? unique([...beyond, ...read]) : null
}

/** The row, telling of each column that is asked for. */
function noted(row: RowReference, into: Set<string>): RowReference {
  return {
    column: (name) => {
      into.add(name)
      return row.column(name)
    },
  }
}

/**
 * Whether values of the columns are equal only where they are the same: `1.0` is `1.00` where no scale is declared, and how texts of
 * adopted tables compare is not known.
 */
function tellsChanges(entity: Entity, index: ModelIndex, names: ReadonlySet<string>): boolean {
  if (entity.source.kind !== 'table') return false
  const types = new Map(columnsOf(entity, index).map(({ name, type }) => [name, type]))
  return [...names].every((name) => exact.test(types.get(name) ?? ''))
}

const exact =
  /^(uuid|text|boolean|smallint|integer|bigint|date|time(stamp)? with(out)? time zone|character varying\(\d+\)|numeric\(\d+,\d+\))$/

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}

/** SQL that is true where one of the columns changes. */
export function changesOf(columns: readonly string[]): readonly Sql[] {
  const [before, after] = [namedRow('old'), namedRow('new')]
  return columns.map((each) => sql`${after.column(each)} is distinct from ${before.column(each)}`)
}
