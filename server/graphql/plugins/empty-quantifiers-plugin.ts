import 'postgraphile'
import 'postgraphile-plugin-connection-filter'

/** A condition that is left out where nothing is added to it. */
interface Omissible {
  minimumConditionsLength?: number
}

type Apply = (...given: readonly unknown[]) => Omissible | undefined

/** `lines: { some: {} }` is met by rows that have any, `none: {}` by those that have none. The filter plugin leaves both out, so that every row met them. */
export const EmptyQuantifiersPlugin: GraphileConfig.Plugin = {
  name: 'EmptyQuantifiersPlugin',
  version: '1.0.0',
  after: ['PgConnectionArgFilterBackwardRelationsPlugin', 'ThroughFilterPlugin', 'LineageFilterPlugin'],
  schema: {
    hooks: {
      GraphQLInputObjectType_fields_field(field, _build, { scope, Self }) {
        const { fieldName } = scope as { readonly fieldName: string }
        const isMany = /ToMany\w+Filter$/.test(Self.name)
        const apply = (field as { apply?: Apply }).apply
        if (!isMany || (fieldName !== 'some' && fieldName !== 'none') || apply === undefined) return field
        const kept: Apply = (...given) => {
          const condition = apply(...given)
          if (condition?.minimumConditionsLength !== undefined) condition.minimumConditionsLength = 0
          return condition
        }
        return { ...field, apply: kept } as never
      },
    },
  },
}
