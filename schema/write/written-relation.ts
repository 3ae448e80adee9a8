import { snakeCase, unreachable } from '#base'
import { linkNames } from '../complete/links.ts'
import { groupOf } from '../complete/one-of.ts'
import type { RelationDeclaration } from '../dsl/declaration.ts'
import { declare } from '../dsl/declare.ts'
import type { Entity, OneOf, Relation, Through, ToOne } from '../model/model.ts'
import { isReadOnly } from '../model/read-only.ts'
import { withoutBlanks } from './without-blanks.ts'
import { writtenShown } from './written-shown.ts'

/** What relations are written against. */
export interface RelationPlace {
  readonly entity: Entity
  readonly entities: ReadonlyMap<string, Entity>
}

/** The calls that make an entity's relations, by name. Parts of a relation to one of several are not written themselves. */
export function writtenRelations(
  place: RelationPlace,
  flags: ReadonlyMap<string, Readonly<Record<string, true>>>,
): readonly (readonly [string, RelationDeclaration])[] {
  return place.entity.relations
    .filter(({ name }) => groupOf(place.entity, name) === null)
    .map((relation) => [relation.name, writtenRelation(relation, place, flags.get(relation.name) ?? {})])
}

function writtenRelation(relation: Relation, place: RelationPlace, flags: Readonly<Record<string, true>>) {
  const options = withoutBlanks({ ...optionsOf(relation, place), ...flags, ...writtenShown(relation) })
  if (relation.kind === 'oneOf')
    return declare<RelationDeclaration>('relation', {
      kind: 'oneOf',
      to: relation.targets.map(({ to }) => to),
      options,
    })
  const kind =
    relation.kind === 'through' || relation.kind === 'lineage'
      ? 'many'
      : relation.kind === 'one' && relation.part
        ? 'partOf'
        : relation.kind
  return declare<RelationDeclaration>('relation', { kind, to: relation.to, options })
}

function optionsOf(relation: Relation, place: RelationPlace): Readonly<Record<string, unknown>> {
  switch (relation.kind) {
    case 'one':
      if (relation.part) return partOptions(relation)
      return toOneOptions(saidOf(relation, place.entity))
    case 'hasOne':
    case 'many':
      return { by: relation.by }
    case 'through':
      return throughOptions(relation, place)
    case 'lineage':
      return { [relation.way]: relation.by }
    case 'oneOf':
      return oneOfOptions(relation, place.entity)
    default:
      return unreachable(relation)
  }
}

/** Without what goes without saying: keys are readonly, rows of a select stay when what they lead to goes. */
function saidOf(relation: ToOne, entity: Entity): ToOne {
  const said = entity.key.includes(relation.name) ? { ...relation, readonly: false } : relation
  return isReadOnly(entity) ? { ...said, onRemove: said.optional ? 'keep' : 'restrict' } : said
}

/** A link from either side, or an entity in between that somebody wrote. */
function throughOptions(relation: Through, { entity, entities }: RelationPlace): Readonly<Record<string, unknown>> {
  const between = entities.get(relation.through)
  const link = between?.link ?? null
  if (between === undefined || link === null)
    return { through: relation.through, from: relation.from, to: relation.toward }
  if (link.entity !== entity.name || link.relation !== relation.name) return { by: link.relation }
  const usual = linkNames({ entity: entity.name, to: relation.to, linkTable: null })
  return { link: true, linkTable: usual.table === between.table ? null : between.table }
}

/** What its parts have in common; each of them is optional whatever the whole says. */
function oneOfOptions({ optional, targets }: OneOf, entity: Entity): Readonly<Record<string, unknown>> {
  const part = entity.relations.find(({ name }) => name === targets[0]?.relation)
  return part?.kind === 'one' ? { ...toOneOptions({ ...part, optional }), column: null } : { optional }
}

function partOptions({ name, column, position, same }: ToOne): Readonly<Record<string, unknown>> {
  return {
    ordered: position !== null,
    column: column === `${snakeCase(name)}_id` ? null : column,
    same: same?.join('.') ?? null,
  }
}

function toOneOptions(relation: ToOne): Readonly<Record<string, unknown>> {
  const usual = relation.optional ? 'keep' : 'restrict'
  const { name, column } = relation
  return {
    column: column === `${snakeCase(name)}_id` ? null : column,
    optional: relation.optional,
    readonly: relation.readonly,
    onDelete: relation.onDelete === 'restrict' ? null : relation.onDelete,
    onRemove: relation.onRemove === usual ? null : relation.onRemove,
    default: relation.default?.kind === 'actor' ? 'actor' : null,
    same: relation.same?.join('.') ?? null,
  }
}
