import { columnFields, type Entity, writtenOnes } from '#schema'

/** Names that `only` and `except` speak of: fields, value objects by their parts, to-one relations (`oneOf` as one), and links. All that a caller may ever write. */
export function coverableNames(entity: Entity): readonly string[] {
  const fields = columnFields(entity).filter(({ builtIn }) => !builtIn)
  return [...fields, ...writtenOnes(entity)].map(({ name }) => name)
}

/** Names of the relations of an entity that say `link: true`. */
export function linkRelationNames(entity: Entity, entities: Iterable<Entity>): readonly string[] {
  return [...entities].flatMap(({ link }) => (link?.entity === entity.name ? [link.relation] : []))
}

/** The names with the to-ones of each `oneOf` among them, so that whoever looks for a column finds it. */
export function withParts(names: readonly string[], { relations }: Entity): readonly string[] {
  return names.flatMap((name) => {
    const group = relations.find((each) => each.kind === 'oneOf' && each.name === name)
    return group?.kind === 'oneOf' ? [name, ...group.targets.map(({ relation }) => relation)] : [name]
  })
}
