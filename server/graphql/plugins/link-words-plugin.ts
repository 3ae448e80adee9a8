import 'postgraphile'

/** Leaves the entity in between of a link out of descriptions: callers cannot ask for it. */
export const LinkWordsPlugin: GraphileConfig.Plugin = {
  name: 'LinkWordsPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      GraphQLObjectType(config, build) {
        return withoutLinks(config, build)
      },
      GraphQLObjectType_fields_field(field, build) {
        return withoutLinks(field, build)
      },
    },
  },
}

/** `, with data from` and ` info from the`, as the many-to-many plugin writes them. */
const mention = /,? (?:with data|info) from (?:the )?`(\w+)`/g

function withoutLinks<T extends { readonly description?: unknown }>(given: T, build: GraphileBuild.Build): T {
  const { description } = given
  if (typeof description !== 'string' || !description.includes(' from ')) return given
  const isLink = (name: string) =>
    build.input.rowhouseModel.entities.some((entity) => entity.link !== null && entity.name === name)
  const left = description.replaceAll(mention, (whole, name: string) => (isLink(name) ? '' : whole))
  return left === description ? given : { ...given, description: left }
}
