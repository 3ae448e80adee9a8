import type { Entity, Relation, Through, ToMany, ToOne } from '../model/model.ts'
import { toOnesOf } from '../model/to-ones.ts'
import { groupOf } from './one-of.ts'

/** Fills in what a relation owes to other entities: the inverse of a to-one, both ends of a `through` where they are plain. */
export function linkRelations(entity: Entity, entities: ReadonlyMap<string, Entity>): Entity {
  const relations = entity.relations.map((relation): Relation => {
    if (relation.kind === 'one') return { ...relation, inverse: inverseOf(entity.name, relation, entities) }
    if (relation.kind === 'many') return wayBack(entity.name, relation, entities)
    return relation.kind === 'through' ? withEnds(entity.name, relation, entities) : relation
  })
  return { ...entity, relations }
}

function inverseOf(owner: string, relation: ToOne, entities: ReadonlyMap<string, Entity>): string | null {
  const sides = entities.get(relation.to)?.relations ?? []
  const own = entities.get(owner)
  const group = own === undefined ? null : groupOf(own, relation.name)
  const names = [relation.name, ...(group === null ? [] : [group.name])]
  const side = sides.find(
    (each) => (each.kind === 'many' || each.kind === 'hasOne') && each.to === owner && names.includes(each.by),
  )
  return side?.name ?? null
}

/** `by` may also name a relation to one of several, of which one leads here, or a link, which is then gone the other way. */
function wayBack(owner: string, relation: ToMany, entities: ReadonlyMap<string, Entity>): Relation {
  const side = entities.get(relation.to)?.relations.find(({ name }) => name === relation.by)
  if (side?.kind === 'oneOf') {
    const target = side.targets.find(({ to }) => to === owner)
    return target === undefined ? relation : { ...relation, by: target.relation }
  }
  if (side?.kind !== 'through' || side.to !== owner) return relation
  const link = entities.get(side.through)?.link
  if (link?.entity !== relation.to || link.relation !== side.name) return relation
  const { by: _, ...rest } = relation
  return { ...rest, kind: 'through', through: side.through, from: side.toward, toward: side.from }
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
  const ones = entity === undefined ? [] : toOnesOf(entity).filter(({ to }) => to === target)
  return ones.map(({ name }) => name)
}

function onlyOne(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : ''
}
