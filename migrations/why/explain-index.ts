import { type Index as DeclaredIndex, type Entity, hasTenant, type ModelPath, toOnesOf, type Unique } from '#schema'
import type { Index, Table } from '../catalog/catalog.ts'
import { expiryIndexName } from '../catalog/functions/expiry.ts'
import { isSearched, searchIndexName } from '../catalog/search.ts'
import { a, because, type Explanation, entityPath, listed } from './explanation.ts'
import { partsIn, pathOfName } from './part-of-column.ts'

/** Why a table has an index. */
export function explainIndex(entity: Entity, table: Table, index: Index): Explanation {
  const parts = partsIn(entity, table, index.keys.join(' '))
  const names = parts.map(({ name }) => name)
  const of = entity.link === null ? entity.name : table.name
  const paths = parts.length === 0 ? [entityPath(entity)] : parts.map(({ path }) => path)
  if (index.unique) return explainUnique({ entity, index, names, of, paths })
  const declared = entity.indexes.find((each) =>
    sameNames(
      each.on.map(({ name }) => name),
      names,
    ),
  )
  const [first, ...order] = names
  const isAlone = order.length === 0 || declared === undefined
  const relation = index.where === null && isAlone && toOnesOf(entity).find(({ name }) => name === first)
  if (relation) {
    const inOrder = order.length === 0 ? '' : ` in order of ${order.join(', then ')}`
    return because(
      `"${index.name}" finds the rows of ${of} by ${relation.name}${inOrder}, also when ${a(relation.to)} is deleted.`,
      paths.slice(0, 1),
    )
  }
  if (index.name === expiryIndexName(entity)) {
    return because(`"${index.name}" finds the rows of ${of} that have expired.`, [[entity.name, 'expires']])
  }
  if (isSearched(entity) && index.name === searchIndexName(entity)) {
    return because(`"${index.name}" finds the live rows of ${of} by words.`, [[entity.name, 'search']])
  }
  const by = declared === undefined ? listed(names) : orderWords(declared)
  const partly = declared?.where == null ? '' : ', of the rows that its condition picks'
  const sentence = `"${index.name}" serves lists of ${of} by ${by}${partly}.`
  return because(sentence, declared === undefined ? paths : [...placeOfIndex(entity, declared), ...paths])
}

interface UniqueFacts {
  readonly entity: Entity
  readonly index: Index
  readonly names: readonly string[]
  readonly of: string
  readonly paths: readonly ModelPath[]
}

function explainUnique({ entity, index, names, of, paths }: UniqueFacts): Explanation {
  const declared = entity.unique.find((each) => sameNames(each.on, names))
  const rows = declared?.removed === 'counted' ? 'two rows' : 'two live rows'
  const tenant = hasTenant(entity) ? ' of a tenant' : ''
  const among = declared?.where == null ? '' : ', among those that its condition picks'
  const sentence = `"${index.name}" lets no ${rows} of ${of}${tenant} have the same ${listed(names)}${among}.`
  return because(sentence, declared === undefined ? paths : [...placeOfUnique(entity, declared), ...paths])
}

/** `unique: true` is said at the part itself. Those come first in the model: behind one of them places in the list are not known. */
function placeOfUnique(entity: Entity, unique: Unique): readonly ModelPath[] {
  if (entity.link !== null) return []
  if (isSingleUnique(unique)) return [[...pathOfName(entity, unique.on[0]!)]]
  return [placeIn(entity, 'unique', entity.unique.indexOf(unique), entity.unique.some(isSingleUnique))]
}

function placeOfIndex(entity: Entity, index: DeclaredIndex): readonly ModelPath[] {
  const isSingle = ({ on, where, include, using }: DeclaredIndex): boolean =>
    on.length === 1 && !on[0]!.descending && where === null && include.length === 0 && using === 'btree'
  if (isSingle(index)) return []
  return [placeIn(entity, 'indexes', entity.indexes.indexOf(index), entity.indexes.some(isSingle))]
}

function placeIn(entity: Entity, list: 'unique' | 'indexes', at: number, isMixed: boolean): ModelPath {
  return isMixed ? [entity.name, list] : [entity.name, list, at]
}

function isSingleUnique({ on, where, nulls, removed }: Unique): boolean {
  return on.length === 1 && where === null && nulls === 'distinct' && removed === 'ignored'
}

function sameNames(written: readonly string[], found: readonly string[]): boolean {
  return written.join() === found.join()
}

function orderWords({ on, using }: DeclaredIndex): string {
  const words = on.map(({ name, descending }) => (descending ? `${name}, last first` : name))
  return using === 'btree' ? words.join(', then ') : `${words.join(' and ')} (${using})`
}
