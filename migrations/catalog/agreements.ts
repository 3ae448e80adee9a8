import { fitIdentifier, type Sql, snakeCase, sql, toText } from '#base'
import {
  carriedColumnAt,
  carriedColumnsOf,
  carriedSources,
  entityOf,
  idColumnOf,
  type ModelIndex,
  tableSql,
  toOneOf,
} from '#policies'
import { type Entity, type ToOne, toOnesOf } from '#schema'
import type { Constraint } from './catalog.ts'

/** Name of the foreign key that says: what the relation leads to agrees with the path of its `same`. */
function sameKeyName(entity: Entity, relation: ToOne): string {
  return fitIdentifier(`${entity.table}_${snakeCase(relation.name)}_same_fkey`)
}

/**
 * Keys by which both ends agree. `(tenant, order, company)` of a line refers to the order's, so that the line's copy follows the
 * order; `(tenant, product, company)` refers to the product's, so that no change at either end leaves them apart.
 */
export function agreementConstraints(entity: Entity, index: ModelIndex): readonly Constraint[] {
  const hops = carriedColumnsOf(entity, index).map(({ column, hop, source }): Constraint => {
    const name = carriedKeyName(entity, column)
    const definition = `${pairKey(hop, column, { target: entityOf(index, hop.to), source, index })} on update cascade ${onDelete(hop)}`
    return { name, kind: 'foreign', definition }
  })
  const ends = toOnesOf(entity).flatMap((relation): readonly Constraint[] => {
    if (relation.same === null) return []
    const [first, second] = relation.same
    const path = second === undefined ? [first!] : [first!, second]
    const column = carriedColumnAt(entity, path, index)!
    const target = entityOf(index, relation.to)
    const key = pairKey(relation, column, { target, source: toOneOf(target, relation.same.at(-1)!).column, index })
    return [{ name: sameKeyName(entity, relation), kind: 'foreign', definition: `${key} ${onDelete(relation)}` }]
  })
  return [...hops, ...ends]
}

/** Keys of an entity's table that the keys above refer to: each holds a column with the id, and finds rows by it in order of their id. */
export function agreedKeys(entity: Entity, index: ModelIndex): readonly Constraint[] {
  return agreedColumns(entity, index).map(({ column, path }) => ({
    name: fitIdentifier(`${entity.table}_${path.map(snakeCase).join('_')}_same_key`),
    kind: 'unique',
    definition: toText(sql`unique ("tenant_id", ${sql.identifier(column)}, ${idOf(entity, index)})`),
  }))
}

/** Columns that such keys hold, each with the path that leads to its value. */
export function agreedColumns(
  entity: Entity,
  index: ModelIndex,
): readonly { readonly column: string; readonly path: readonly string[] }[] {
  const ofSame = index.model.entities.flatMap((other) =>
    toOnesOf(other).flatMap(({ to, same }) => (to === entity.name && same !== null ? [same.at(-1)!] : [])),
  )
  const wanted = new Map([
    ...ofSame.map((name) => [toOneOf(entity, name).column, [name]] as const),
    ...carriedSources(entity, index).map(({ column, path }) => [column, path] as const),
  ])
  // In the order of the table's columns.
  const order = [...toOnesOf(entity), ...carriedColumnsOf(entity, index)].map(({ column }) => column)
  return [...wanted]
    .sort(([one], [other]) => order.indexOf(one) - order.indexOf(other))
    .map(([column, path]) => ({ column, path }))
}

function idOf(entity: Entity, index: ModelIndex): Sql {
  return sql.identifier(idColumnOf(entity, index).column)
}

/** The relation whose `same` a foreign key holds, by the key's name. */
export function agreedWith(entity: Entity, constraint: string): ToOne | null {
  return toOnesOf(entity).find((each) => each.same !== null && sameKeyName(entity, each) === constraint) ?? null
}

/** Name of the foreign key that holds a carried column equal to what it was copied from. */
function carriedKeyName(entity: Entity, column: string): string {
  return fitIdentifier(`${entity.table}_${column.replace(/_id$/, '')}_carried_fkey`)
}

function pairKey(
  relation: ToOne,
  column: string,
  { target, source, index }: { readonly target: Entity; readonly source: string; readonly index: ModelIndex },
): string {
  const from = sql`"tenant_id", ${sql.identifier(relation.column)}, ${sql.identifier(column)}`
  const to = sql`"tenant_id", ${idOf(target, index)}, ${sql.identifier(source)}`
  return toText(sql`foreign key (${from}) references ${tableSql(target)} (${to})`)
}

function onDelete(relation: ToOne): string {
  if (relation.onDelete === 'setNull') return toText(sql`on delete set null (${sql.identifier(relation.column)})`)
  return `on delete ${relation.onDelete}`
}
