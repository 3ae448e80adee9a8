import { fitIdentifier, quoteIdentifier } from '#base'
import { renderIndex } from '../render/render-table.ts'
import type { Change } from './change.ts'

type IndexChange = Extract<Change, { readonly kind: 'index' }>

/**
 * Indexes that are there already and get other keys. Each is made under a name for the time being before the one that it replaces goes, so that
 * reads go on while it is made, and find what they look for.
 */
export function renderChangedIndexes(changes: readonly Change[]): readonly string[] {
  return changes.filter(isChangedIndex).flatMap((change) => {
    const { table, to } = change
    const anew = fitIdentifier(`${to!.name}_anew`)
    const place = (name: string) => `${quoteIdentifier(table.schema)}.${quoteIdentifier(name)}`
    return [
      renderIndex(table, { ...to!, name: anew }),
      `drop index ${place(to!.name)};`,
      `alter index ${place(anew)} rename to ${quoteIdentifier(to!.name)};`,
    ]
  })
}

/** Whether {@link renderChangedIndexes} makes it anew. Not where columns change: with a column its index may be gone already. */
export function isRenewed(change: IndexChange, all: readonly Change[]): boolean {
  return (
    change.from !== null &&
    change.to !== null &&
    all.every((each) => each.kind !== 'column' || each.table !== change.table)
  )
}

function isChangedIndex(change: Change, _: number, all: readonly Change[]): change is IndexChange {
  return change.kind === 'index' && isRenewed(change, all)
}
