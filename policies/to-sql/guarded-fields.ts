import { canonicalHash, fitIdentifier, type Sql, sql } from '#base'
import { columnFields, type Entity, type Rule, ruleCovers, toOnesOf } from '#schema'
import { impliesAudience } from './implied-audience.ts'
import { type ModelIndex, rulesOf, tableSql } from './model-index.ts'

/** One way to see a field: a rule that shows the row and covers the field, and a reserve of it, where there is any. */
export interface FieldReader {
  readonly allow: Rule
  readonly reserve: Rule | null
}

/** Fields that the same readers see. */
export interface GuardedGroup {
  /** Names of fields, parts of value objects and to-one relations, sorted. */
  readonly names: readonly string[]
  /** Columns behind them, in the same order. */
  readonly columns: readonly string[]
  /** One of them suffices; none: nobody sees it. */
  readonly readers: readonly FieldReader[]
  /** Column of the view that says of a row whether the group is shown: `shown__1a2b3c4d`. */
  readonly flag: string
}

/** How many groups an entity may have: each doubles the faces of its table. */
export const mostGuardedGroups = 3

/**
 * Fields that not every reader of a row sees, by who does. `id`, the key, built-in fields and links show with the row. Changes of rows
 * have none: what is guarded there is nobody's.
 */
export function guardedGroups(entity: Entity, index: ModelIndex): readonly GuardedGroup[] {
  const rules = rulesOf(index, entity)
  const allows = rules.filter((rule) => rule.effect === 'allow' && ruleCovers(entity, rule, 'read'))
  const reserves = rules.filter((rule) => rule.effect === 'reserve' && ruleCovers(entity, rule, 'read'))
  if (reserves.length === 0 && allows.every((rule) => rule.fields === null)) return []
  const groups = new Map<string, { readonly readers: readonly FieldReader[]; readonly parts: Guardable[] }>()
  for (const part of guardable(entity)) {
    const own = reserves.filter((rule) => covers(rule, part.name))
    const shown = allows.filter((rule) => covers(rule, part.name))
    if (own.length === 0 && shown.length === allows.length) continue
    const all = shown.flatMap((allow): readonly FieldReader[] =>
      own.length === 0 ? [{ allow, reserve: null }] : own.map((reserve) => ({ allow, reserve })),
    )
    const readers = undominated(all, index)
    const key = JSON.stringify(readers.map(({ allow, reserve }) => [allow.title, reserve?.title ?? null]))
    const group = groups.get(key) ?? { readers, parts: [] }
    groups.set(key, group)
    group.parts.push(part)
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
  return sorted.map(([key, { readers, parts }]) => {
    const inOrder = parts.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    return {
      names: inOrder.map(({ name }) => name),
      columns: inOrder.map(({ column }) => column),
      readers,
      // Whoever took other rules for these would find no such column.
      flag: `shown__${canonicalHash({ key, names: inOrder.map(({ name }) => name) }).slice(0, 8)}`,
    }
  })
}

/** Readers who see a field where no other of them does: a manager's way says nothing new where everybody's is open. */
function undominated(readers: readonly FieldReader[], index: ModelIndex): readonly FieldReader[] {
  return readers.reduce<readonly FieldReader[]>((kept, reader) => {
    if (kept.some((other) => isWithin(reader, other, index))) return kept
    return [...kept.filter((other) => !isWithin(other, reader, index)), reader]
  }, [])
}

/** True when the other way is open wherever this one is. */
function isWithin(reader: FieldReader, other: FieldReader, index: ModelIndex): boolean {
  const own = rulesOfReader(reader)
  return rulesOfReader(other).every(
    (rule) =>
      own.includes(rule) ||
      (rule.where === null && own.some(({ audience }) => impliesAudience(audience, rule.audience, index))),
  )
}

/** The rules that must all hold. */
export function rulesOfReader({ allow, reserve }: FieldReader): readonly Rule[] {
  return reserve === null ? [allow] : [allow, reserve]
}

interface Guardable {
  readonly name: string
  readonly column: string
}

/** What can be guarded: all that has a column and is neither built-in nor part of the key. */
export function guardable(entity: Entity): readonly Guardable[] {
  const fields = columnFields(entity).filter(({ builtIn }) => !builtIn)
  return [...fields, ...toOnesOf(entity)].filter(({ name }) => !entity.key.includes(name))
}

function covers({ fields }: Rule, name: string): boolean {
  return fields === null || fields.includes(name)
}

/** Names of all guarded fields of an entity. */
export function guardedNames(entity: Entity, index: ModelIndex): ReadonlySet<string> {
  return new Set(guardedGroups(entity, index).flatMap(({ names }) => names))
}

/** True where the rows of an entity have faces: what callers read is the view, what they write the face that all rows show. */
export function isFaced(entity: Entity, index: ModelIndex): boolean {
  return guardedGroups(entity, index).length > 0
}

/** Name of the face that shows whole rows without guarded fields: callers write there. */
export function rowsFaceName(entity: Entity): string {
  return fitIdentifier(`${entity.table}__rows`)
}

/** Name of the face that shows the rows of which exactly the given groups are shown. All of them: the table itself. */
export function fieldsFaceName(entity: Entity, shown: readonly number[]): string {
  return fitIdentifier(`${entity.table}__face_${shown.length === 0 ? '0' : shown.map((at) => at + 1).join('_')}`)
}

/** Name of the view that callers read. */
export function shownName(entity: Entity): string {
  return fitIdentifier(`${entity.table}__shown`)
}

/** Where a caller's own row policies show whole rows: the table, or its first face. */
export function rowsSql(entity: Entity, index: ModelIndex): Sql {
  return isFaced(entity, index) ? sql.identifier(entity.schema, rowsFaceName(entity)) : tableSql(entity)
}

/** What callers read. */
export function shownSql(entity: Entity, index: ModelIndex): Sql {
  return isFaced(entity, index) ? sql.identifier(entity.schema, shownName(entity)) : tableSql(entity)
}

/** Rules for some fields, of reserves for a verb: alternatives to each other. */
export function reservesOf(
  entity: Entity,
  verb: 'read' | 'create' | 'update',
  index: ModelIndex,
): ReadonlyMap<string, readonly Rule[]> {
  const reserves = rulesOf(index, entity).filter((rule) => rule.effect === 'reserve' && ruleCovers(entity, rule, verb))
  const names = [...new Set(reserves.flatMap(({ fields }) => fields ?? []))].sort()
  return new Map(names.map((name) => [name, reserves.filter((rule) => covers(rule, name))]))
}
