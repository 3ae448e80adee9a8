import { canonicalHash, fitIdentifier, snakeCase, sql, toText } from '#base'
import { bareRow, columnOf, conditionToSql, type ModelIndex, statementActor, toOnesOf } from '#policies'
import type { Index as DeclaredIndex, Entity, Unique } from '#schema'
import type { Index } from './catalog.ts'
import { keyColumns } from './constraints.ts'

const live = '"deleted_at" is null'

/** Indexes of an entity's table, by name: one for each to-one, the unique ones among live rows, the declared ones. */
export function indexesOf(entity: Entity, index: ModelIndex): readonly Index[] {
  const wanted = [
    ...toOnesOf(entity).map((relation) => linkIndex(entity, relation.name, relation.column)),
    ...entity.unique.map((unique) => uniqueIndex(entity, unique)),
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

/** The index under another name, for when two tables come to the same one: index names are shared by the whole schema. */
export function renamed(index: Index, table: string): Index {
  const hash = canonicalHash({ table, keys: index.keys, where: index.where, unique: index.unique }).slice(0, 8)
  return { ...index, name: fitIdentifier(index.name.replace(/_(idx|key)$/, `_${hash}_$1`)) }
}

function serves(there: Index, wanted: Index): boolean {
  return (
    there.unique === wanted.unique &&
    there.keys.join() === wanted.keys.join() &&
    (there.where === null || there.where === wanted.where)
  )
}

function hashedName(index: Index): string {
  return renamed(index, '').name
}

function linkIndex(entity: Entity, relation: string, column: string): Index {
  const keys = keyColumns(entity, column).map((each) => toText(sql.identifier(each)))
  return { name: fitIdentifier(`${entity.table}_${snakeCase(relation)}_idx`), unique: false, keys, where: null }
}

function uniqueIndex(entity: Entity, unique: Unique): Index {
  const keys = unique.on.map((name) => {
    const { column, type } = columnOf(entity, name)
    const key = sql.identifier(column)
    return toText(type.kind === 'text' && type.ignoreCase ? sql`lower(${key})` : key)
  })
  return { name: nameOf(entity, unique.on, 'key'), unique: true, keys: [...tenantKey(entity), ...keys], where: live }
}

function declaredIndex(entity: Entity, declared: DeclaredIndex, index: ModelIndex): Index {
  const keys = declared.on.map(({ name, descending }) => {
    const key = sql.identifier(columnOf(entity, name).column)
    return toText(descending ? sql`${key} desc` : key)
  })
  const name = nameOf(
    entity,
    declared.on.map((each) => each.name),
    'idx',
  )
  const plain = { name, unique: false, keys: [...tenantKey(entity), ...keys], where: live }
  if (declared.where === null) return plain
  const scope = { index, entity, row: bareRow, actor: statementActor, related: 'inline', depth: 0 } as const
  const where = toText(sql`${sql.raw(live)} and (${conditionToSql(declared.where, scope)})`)
  return { ...plain, where }
}

function tenantKey(entity: Entity): readonly string[] {
  return keyColumns(entity).map((each) => toText(sql.identifier(each)))
}

function nameOf(entity: Entity, on: readonly string[], suffix: 'key' | 'idx'): string {
  return fitIdentifier(`${entity.table}_${on.map(snakeCase).join('_')}_${suffix}`)
}
