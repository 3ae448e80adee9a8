import type { ChoiceValue, Model } from '#schema'
import 'postgraphile'

/** Says of values of choices and states that they are deprecated. Fields, relations and lists are told by tags of the registry. */
export const DeprecationPlugin: GraphileConfig.Plugin = {
  name: 'DeprecationPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      // The scope does not say which choice it is; names of enums are unique.
      GraphQLEnumType_values(values, build, context) {
        const known = choiceValues(build.input.rowhouseModel, context.Self.name)
        for (const { graphql, deprecated } of known) {
          const value = values[graphql]
          if (deprecated !== null && value !== undefined) value.deprecationReason = deprecated
        }
        return values
      },
    },
  },
}

function choiceValues(model: Model, name: string): readonly ChoiceValue[] {
  let known = choicesOf.get(model)
  if (known === undefined) {
    const choices = model.entities.flatMap(({ fields }) =>
      fields.flatMap(({ type }) => (type.kind === 'choice' ? type : [])),
    )
    // Of those that share a name the first counts.
    known = new Map(choices.toReversed().map((type) => [type.enum, type.values]))
    choicesOf.set(model, known)
  }
  return known.get(name) ?? []
}

const choicesOf = new WeakMap<Model, ReadonlyMap<string, readonly ChoiceValue[]>>()
