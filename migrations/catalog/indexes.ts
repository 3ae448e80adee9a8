import { canonicalHash, fitIdentifier, snakeCase, sql, toText } from '#base'
import {
  bareRow,
  carriedColumnsOf,
  columnOf,
  columnsOfCaller,
  conditionToSql,
  keptSql,
  type ModelIndex,
  statementActor,
} from '#policies'
import {
  type Condition,
  type Index as DeclaredIndex,
  type Entity,
  isHistory,
  isKeptRelation,
  keyColumnsOf,
  objectName,
  type ToOne,
  targetTenantColumn,
  toOnesOf,
  type Unique,
} from '#schema'
import { agreedColumns } from './agreements.ts'
import type { Index } from './catalog.ts'
import { keyColumns } from './constraints.ts'
import { expiryColumn, expiryIndexName } from './functions/expiry.ts'
import { accessOf } from './index-access.ts'
import { listOrder } from './list-order.ts'

/** How rows are looked for. */
interface SoughtColumns {
  /** Columns by which keys find rows already, because foreign keys refer to these. */
  readonly agreed: ReadonlySet<string>
  /** Columns by which rules let callers see rows. */
  readonly ofCaller: ReadonlySet<string>
}

interface Within {
  readonly columns: SoughtColumns
  readonly index: ModelIndex
}

/** Indexes of an entity's table, by name: one for each to-one, the unique ones among live rows, the declared ones. */
export function indexesOf(entity: Entity, index: ModelIndex): readonly Index[] {
  const columns: SoughtColumns = {
    agreed: new Set(agreedColumns(entity, index).map(({ column }) => column)),
    ofCaller: columnsOfCaller(entity, index),
  }
  const wanted = [
    ...toOnesOf(entity)
      .filter((relation) => isIndexed(entity, relation, { columns, index }))
      .map((relation) => linkIndex(entity, relation, { columns, index })),
    ...expiryIndex(entity),
    ...carriedIndexes(entity, { columns, index }),
    ...entity.unique.map((unique) => uniqueIndex(entity, unique, index)),
    ...entity.indexes.map((declared) => declaredIndex(entity, declared, index)),
  ]
  const byName = new Map<string, Index>()
  for (const each of wanted) {
    const same = byName.get(each.name)
    if (same === undefined) byName.set(each.name, each)
    // An index on a to-one alone is there already, for removed rows too.
    else if (!serves(same, each)) byName.set(hashedName(each), { ...each, name: hashedName(each) })
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Whether rows of all tenants are looked for by it. */
function isFound(relation: ToOne, index: ModelIndex): boolean {
  return targetTenantColumn(relation, index.entities) !== null
}

/** The key, where rules let callers see rows by this column: their newest rows are read from the end, however many they are (decision 0060). */
function ordering(entity: Entity, column: string, { columns, index }: Within): readonly string[] {
  if (!columns.ofCaller.has(column)) return []
  return keyColumnsOf(entity, index.entities)
    .map((each) => each.column)
    .filter((each) => each !== column)
    .map((each) => toText(sql.identifier(each)))
}

/** The key of a change begins with its row already, and nothing looks for changes by what the row led to then. */
function isIndexed(entity: Entity, relation: ToOne, { columns, index }: Within): boolean {
  if (!isHistory(entity)) return isFound(relation, index) || !columns.agreed.has(relation.column)
  // The key that leads to rows of all tenants begins with whose they are.
  if (relation.name === entity.key[0]) return targetTenantColumn(relation, index.entities) !== null
  return !isKeptRelation(entity, relation)
}

/** The index under another name, for when two tables come to the same one: index names are shared by the whole schema. */
export function renamed(index: Index, table: string): Index {
  const { name: _, ...rest } = index
  const hash = canonicalHash({ table, ...rest }).slice(0, 8)
  return { ...index, name: fitIdentifier(index.name.replace(/_(idx|key)$/, `_${hash}_$1`)) }
}

function serves(there: Index, wanted: Index): boolean {
  return (
    there.unique === wanted.unique &&
    there.using === wanted.using &&
    there.nullsEqual === wanted.nullsEqual &&
    (wanted.include ?? []).every((column) => there.include?.includes(column) ?? false) &&
    (there.unique ? there.keys.length === wanted.keys.length : true) &&
    wanted.keys.every((key, at) => key === there.keys[at]) &&
    (there.where === null || there.where === wanted.where)
  )
}

function hashedName(index: Index): string {
  return renamed(index, '').name
}

/** Rows that all tenants see are looked for by their id alone when they are deleted, so it stands first. */
function linkIndex(entity: Entity, relation: ToOne, within: Within): Index {
  const { name, column } = relation
  const own = keyColumns(entity, column)
  const first = isFound(relation, within.index) ? own.toReversed() : own
  const ofCaller = ordering(entity, column, within)
  const order = ofCaller.length > 0 ? ofCaller : listOrder(entity, relation, within.index)
  const keys = [...first.map((each) => toText(sql.identifier(each))), ...order]
  return { name: fitIdentifier(`${objectName(entity)}_${snakeCase(name)}_idx`), unique: false, keys, where: null }
}

/** By which expired rows are found, removed ones too. */
function expiryIndex(entity: Entity): readonly Index[] {
  const column = expiryColumn(entity)
  if (column === null) return []
  const keys = keyColumns(entity, column).map((each) => toText(sql.identifier(each)))
  return [{ name: expiryIndexName(entity), unique: false, keys, where: null }]
}

/** By which rules find the live rows that hang on the caller. Cascades find theirs by the index of the relation. */
function carriedIndexes(entity: Entity, within: Within): readonly Index[] {
  return carriedColumnsOf(entity, within.index)
    .filter(({ isSought, column }) => isSought && !within.columns.agreed.has(column))
    .map(({ column }) => ({
      name: fitIdentifier(`${objectName(entity)}_${column.replace(/_id$/, '')}_carried_idx`),
      unique: false,
      keys: [
        ...keyColumns(entity, column).map((each) => toText(sql.identifier(each))),
        ...ordering(entity, column, within),
      ],
      where: keptWhere(entity),
    }))
}

function uniqueIndex(entity: Entity, unique: Unique, index: ModelIndex): Index {
  const keys = unique.on.map((name) => {
    const { column, type } = columnOf(entity, name, index)
    const key = sql.identifier(column)
    return toText(type.kind === 'text' && type.ignoreCase ? sql`lower(${key})` : key)
  })
  const kept = keptWhere(entity)
  const tests = [
    ...(unique.removed === 'counted' || kept === null ? [] : [kept]),
    ...(unique.where === null ? [] : [`(${ownTest(entity, unique.where, index)})`]),
  ]
  return {
    name: nameOf(entity, unique.on, 'key'),
    unique: true,
    keys: [...tenantKey(entity), ...keys],
    where: tests.length === 0 ? null : tests.join(' and '),
    ...(unique.nulls === 'equal' ? { nullsEqual: true } : {}),
  }
}

function declaredIndex(entity: Entity, declared: DeclaredIndex, index: ModelIndex): Index {
  const name = nameOf(
    entity,
    declared.on.map((each) => each.name),
    'idx',
  )
  const tests = [
    keptWhere(entity),
    declared.where === null ? null : `(${ownTest(entity, declared.where, index)})`,
  ].filter((test) => test !== null)
  const where = tests.length === 0 ? null : tests.join(' and ')
  const include = declared.include.map((each) => toText(sql.identifier(columnOf(entity, each, index).column)))
  const access = accessOf(entity, declared, index)
  return { name, unique: false, ...access, where, ...(include.length === 0 ? {} : { include }) }
}

/** A condition on the row alone, as a predicate. */
function ownTest(entity: Entity, where: Condition, index: ModelIndex): string {
  const scope = { index, entity, row: bareRow, actor: statementActor, related: 'inline', depth: 0 } as const
  return toText(conditionToSql(where, scope))
}

/** Only rows that are not removed; null where none ever are. Expired ones too: an index cannot ask for the time. */
function keptWhere(entity: Entity): string | null {
  const kept = toText(keptSql(entity, bareRow))
  return kept === 'true' ? null : kept
}

function tenantKey(entity: Entity): readonly string[] {
  return keyColumns(entity).map((each) => toText(sql.identifier(each)))
}

function nameOf(entity: Entity, on: readonly string[], suffix: 'key' | 'idx'): string {
  const words = on.map((name) => snakeCase(name).replaceAll('.', '_'))
  return fitIdentifier(`${objectName(entity)}_${words.join('_')}_${suffix}`)
}
