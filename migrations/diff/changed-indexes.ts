import { fitIdentifier, quoteIdentifier } from '#base'
import type { Index } from '../catalog/catalog.ts'
import { renderIndex } from '../render/render-table.ts'
import type { Change } from './change.ts'

type IndexChange = Extract<Change, { readonly kind: 'index' }>

/**
 * Indexes that are there already and get other keys. Each is made under a name for the time being before the one that it replaces goes, so that
 * reads go on while it is made, and find what they look for. All are made first: where one goes, its table is locked until the commit.
 */
export function renderChangedIndexes(changes: readonly Change[]): readonly string[] {
  const renewed = changes.filter(isChangedIndex).map(({ table, to }) => ({ table, to: to!, anew: nameAnew(to!) }))
  return [
    ...renewed.map(({ table, to, anew }) => renderIndex(table, { ...to, name: anew })),
    ...renewed.flatMap(({ table, to, anew }) => {
      const place = (name: string) => `${quoteIdentifier(table.schema)}.${quoteIdentifier(name)}`
      return [`drop index ${place(to.name)};`, `alter index ${place(anew)} rename to ${quoteIdentifier(to.name)};`]
    }),
  ]
}

function nameAnew({ name }: Index): string {
  return fitIdentifier(`${name}_anew`)
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
