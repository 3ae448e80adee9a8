import { type Sql, sql, toText } from '#base'
import type { ActorValue, Entity } from '#schema'
import { type ModelIndex, tableSql } from './model-index.ts'
import { reachQuery } from './set-query.ts'

type Reach = Extract<ActorValue, { kind: 'reach' }>

interface ReachView {
  readonly name: string
  readonly query: Sql
  /** Entities whose tables it reads. */
  readonly reads: ReadonlySet<Entity>
}

/**
 * Select behind the view of a reach set, whose one column is `id`; null where policies ask its function everywhere. Functions in a view are called by
 * whoever reads it, and none but those of the platform are everybody's.
 */
export function reachViewQuery(value: Reach, index: ModelIndex): Sql | null {
  return viewsOf(index).find(({ name }) => name === value.name)?.query ?? null
}

/**
 * Names of the reach sets that the policies of an entity's table read through their views. Postgres takes a policy for recursion that reads its own table,
 * whoever it is read as.
 */
export function reachViewsOf(entity: Entity, index: ModelIndex): ReadonlySet<string> {
  return new Set(viewsOf(index).flatMap(({ name, reads }) => (reads.has(entity) ? [] : [name])))
}

const known = new WeakMap<ModelIndex, readonly ReachView[]>()

function viewsOf(index: ModelIndex): readonly ReachView[] {
  const before = known.get(index)
  if (before !== undefined) return before
  const made = (index.model.actor?.values ?? []).flatMap((value) =>
    value.kind === 'reach' ? viewOf(value, index) : [],
  )
  known.set(index, made)
  return made
}

function viewOf(value: Reach, index: ModelIndex): readonly ReachView[] {
  const query = sql`select reached.id from (${reachQuery(value, index)}) reached (id)`
  const text = toText(query)
  const reads = index.model.entities.filter((entity) => text.includes(toText(tableSql(entity))))
  const isPlain = reads.every(isPlainTable) && !text.includes('rowhouse_private')
  return isPlain ? [{ name: value.name, query, reads: new Set(reads) }] : []
}

/** Policies of links and of changes read other tables as the caller, and so might come back; what others made of their table nobody knows. */
function isPlainTable(entity: Entity): boolean {
  return entity.source.kind === 'table' && entity.link === null && entity.historyOf === null
}
