import { lowerFirst, upperFirst } from '#base'
import { type Entity, groupOf, type OneOf, type ToOne, toOnesOf } from '#schema'

/** A relation to one of several entities, with its to-ones. */
export interface OneOfSide {
  readonly relation: OneOf
  /** `NoteSubject`; its input is `NoteSubjectInput`. */
  readonly typeName: string
  readonly targets: readonly OneOfTargetSide[]
}

/** A target as callers read and write it. */
export interface OneOfTargetSide {
  /** Name of the entity and of its type. */
  readonly to: string
  /** `subject_invoice_id` */
  readonly column: string
  /** `invoiceId`, the key of the input. */
  readonly idName: string
}

/** The relations of an entity to one of several, in order of declaration. */
export function oneOfSides(entity: Entity): readonly OneOfSide[] {
  const known = found.get(entity)
  if (known !== undefined) return known
  const sides = findSides(entity)
  found.set(entity, sides)
  return sides
}

/** Asked for each row that is written. */
const found = new WeakMap<Entity, readonly OneOfSide[]>()

function findSides(entity: Entity): readonly OneOfSide[] {
  const ones = new Map(toOnesOf(entity).map((one) => [one.name, one]))
  return entity.relations.flatMap((relation) => {
    if (relation.kind !== 'oneOf') return []
    const targets = relation.targets.map(({ to, relation: name }) => ({
      to,
      column: ones.get(name)!.column,
      idName: `${lowerFirst(to)}Id`,
    }))
    return [{ relation, typeName: `${entity.name}${upperFirst(relation.name)}`, targets }]
  })
}

/** To-one relations that callers write by themselves; those of a {@link OneOf} are written with it. */
export function singleToOnes(entity: Entity): readonly ToOne[] {
  return toOnesOf(entity).filter(({ name }) => groupOf(entity, name) === null)
}

/** True when a caller may change the relation of a row that exists. */
export function isPatchable(entity: Entity, { relation }: OneOfSide): boolean {
  return toOnesOf(entity).some(
    (one) => !one.readonly && relation.targets.some((target) => target.relation === one.name),
  )
}

/** Columns for the relations that the values name: of the targets one, the others null. */
export function oneOfValues(
  sides: readonly OneOfSide[],
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const columns: Record<string, unknown> = {}
  for (const { relation, targets } of sides) {
    const value = values[relation.name]
    if (value === undefined) continue
    const given = (value ?? {}) as Readonly<Record<string, unknown>>
    for (const { column, idName } of targets) columns[column] = given[idName] ?? null
  }
  return columns
}
