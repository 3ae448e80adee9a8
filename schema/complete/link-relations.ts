import type { Entity, Relation, Through, ToOne } from '../model/model.ts'

/** Fills in what a relation owes to other entities: the inverse of a to-one, both ends of a `through` where they are plain. */
export function linkRelations(entity: Entity, entities: ReadonlyMap<string, Entity>): Entity {
  const relations = entity.relations.map((relation): Relation => {
    if (relation.kind === 'one') return { ...relation, inverse: inverseOf(entity.name, relation, entities) }
    return relation.kind === 'through' ? withEnds(entity.name, relation, entities) : relation
  })
  return { ...entity, relations }
}

function inverseOf(owner: string, relation: ToOne, entities: ReadonlyMap<string, Entity>): string | null {
  const sides = entities.get(relation.to)?.relations ?? []
  const side = sides.find(
    (each) => (each.kind === 'many' || each.kind === 'hasOne') && each.to === owner && each.by === relation.name,
  )
  return side?.name ?? null
}

function withEnds(owner: string, relation: Through, entities: ReadonlyMap<string, Entity>): Through {
  const between = entities.get(relation.through)
  const back = onesTo(between, owner)
  const onward = onesTo(between, relation.to)
  const named = { from: relation.from, toward: relation.toward }
  // Where both ends are the same entity, one named end settles the other.
  const from = named.from || onlyOne(back.filter((name) => name !== named.toward))
  const toward = named.toward || onlyOne(onward.filter((name) => name !== from))
  return { ...relation, from, toward }
}

/** Names of an entity's to-one relations that lead to `target`. */
export function onesTo(entity: Entity | undefined, target: string): readonly string[] {
  const ones = (entity?.relations ?? []).filter((relation) => relation.kind === 'one' && relation.to === target)
  return ones.map(({ name }) => name)
}

function onlyOne(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : ''
}
