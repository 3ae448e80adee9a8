import { fitIdentifier, snakeCase, sql, toText } from '#base'
import { entityOf, type ModelIndex } from '#policies'
import { carriedColumns, type Entity, type ToOne, toOnesOf } from '#schema'
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
  const hops = carriedColumns(entity).map(({ column, hop, end }): Constraint => {
    const name = fitIdentifier(`${entity.table}_${column.replace(/_id$/, '')}_carried_fkey`)
    const definition = `${pairKey(hop, column, entityOf(index, hop.to), end)} on update cascade ${onDelete(hop)}`
    return { name, kind: 'foreign', definition }
  })
  const ends = toOnesOf(entity).flatMap((relation): readonly Constraint[] => {
    if (relation.same === null) return []
    const [first, second] = relation.same
    const column =
      second === undefined
        ? toOnesOf(entity).find((each) => each.name === first)!.column
        : carriedColumns(entity).find((each) => each.hop.name === first && each.end === second)!.column
    const key = pairKey(relation, column, entityOf(index, relation.to), relation.same.at(-1)!)
    return [{ name: sameKeyName(entity, relation), kind: 'foreign', definition: `${key} ${onDelete(relation)}` }]
  })
  return [...hops, ...ends]
}

/** Keys of an entity's table that the keys above refer to, by the relation that they hold with the id. */
export function agreedKeys(entity: Entity, index: ModelIndex): readonly Constraint[] {
  const wanted = new Set(
    index.model.entities.flatMap((other) =>
      toOnesOf(other).flatMap((relation) => {
        if (relation.same === null) return []
        const end = relation.same.at(-1)!
        const hop =
          relation.same.length === 2 ? toOnesOf(other).find(({ name }) => name === relation.same![0]) : undefined
        return [relation, hop].filter((each) => each?.to === entity.name).map(() => end)
      }),
    ),
  )
  return toOnesOf(entity)
    .filter((relation) => wanted.has(relation.name))
    .map((relation) => ({
      name: fitIdentifier(`${entity.table}_${snakeCase(relation.name)}_same_key`),
      kind: 'unique',
      definition: toText(sql`unique ("tenant_id", "id", ${sql.identifier(relation.column)})`),
    }))
}

/** The relation whose `same` a foreign key holds, by the key's name. */
export function agreedWith(entity: Entity, constraint: string): ToOne | null {
  return toOnesOf(entity).find((each) => each.same !== null && sameKeyName(entity, each) === constraint) ?? null
}

function pairKey(relation: ToOne, column: string, target: Entity, end: string): string {
  const other = toOnesOf(target).find((each) => each.name === end)!
  const from = sql`"tenant_id", ${sql.identifier(relation.column)}, ${sql.identifier(column)}`
  const table = sql.identifier(target.schema, target.table)
  return toText(sql`foreign key (${from}) references ${table} ("tenant_id", "id", ${sql.identifier(other.column)})`)
}

function onDelete(relation: ToOne): string {
  if (relation.onDelete === 'setNull') return toText(sql`on delete set null (${sql.identifier(relation.column)})`)
  return `on delete ${relation.onDelete}`
}
