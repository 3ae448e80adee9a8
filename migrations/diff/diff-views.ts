import { canonicalJson } from '#base'
import type { Catalog, View } from '../catalog/catalog.ts'
import { isBehindPolicies } from '../render/render-view.ts'
import type { ObjectChange } from './change.ts'
import { type Pair, pair } from './pair.ts'

/**
 * Views that are made anew: both of a report when one of them differs, and all of them where a table under them changes its shape.
 * They hold no rows, so nothing is lost. What policies read is replaced where it stands. `found` are the other changes.
 */
export function diffViews(from: Catalog, to: Catalog, found: readonly ObjectChange[]): readonly ObjectChange[] {
  const pairs = pair(from.views ?? [], to.views ?? [], (view) => `${view.schema}.${view.name}`)
  const entityOf = (one: Pair<View>) => (one.to ?? one.from)!.entity
  const isPolicys = (one: Pair<View>) => isBehindPolicies((one.to ?? one.from)!)
  const differs = (one: Pair<View>) => canonicalJson(made(one.from)) !== canonicalJson(made(one.to))
  const changed = new Set(pairs.filter((one) => !isPolicys(one) && differs(one)).map(entityOf))
  // A view stands on the rows that are kept for it.
  for (const change of found)
    if (change.kind === 'table' && (change.from ?? change.to)?.computed !== undefined)
      changed.add((change.from ?? change.to)!.entity)
  const isReshaped = found.some(isShape)
  return pairs
    .filter((one) => (isPolicys(one) ? differs(one) : changed.has(entityOf(one)) || (isReshaped && one.from !== null)))
    .map((one) => ({ kind: 'view', ...one }))
}

/** What Postgres knows of it: where the select was written is none of its business. */
function made(view: View | null): unknown {
  if (view === null) return null
  const { report: _, ...rest } = view
  return rest
}

function isShape(change: ObjectChange): boolean {
  return (change.kind === 'column' || change.kind === 'constraint') && change.from !== null
}
