import { type Entity, type Relation, toOnesOf } from '#schema'
import 'postgraphile'

interface RelationDetails {
  readonly registry: {
    readonly pgRelations: Readonly<Record<string, Readonly<Record<string, RegistryRelation>>>>
  }
  readonly codec: { readonly name: string }
  readonly relationName: string
}

interface RegistryRelation {
  readonly remoteResource: { readonly codec: { readonly extensions?: { readonly rowhouseEntity?: Entity } } }
  readonly extensions?: { readonly rowhouseRelation?: Relation }
}

/** Lists ordered parts of a whole in their order where the caller asks for none: `order { lines { nodes { … } } }`. */
export const PlaceOrderPlugin: GraphileConfig.Plugin = {
  name: 'PlaceOrderPlugin',
  version: '1.0.0',
  after: ['PgConnectionArgOrderByDefaultValuePlugin', 'DefaultOrderPlugin'],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args_arg(arg, build, context) {
        const { scope } = context
        if (scope.argName !== 'orderBy') return arg
        const { pgRelationDetails, pgFieldResource } = scope as {
          readonly pgRelationDetails?: RelationDetails
          readonly pgFieldResource?: { readonly codec: unknown }
        }
        const position = pgRelationDetails === undefined ? null : positionOf(pgRelationDetails)
        if (position === null || pgFieldResource === undefined) return arg
        const codec = pgFieldResource.codec as never
        const type = build.getTypeByName(build.inflection.orderByType(build.inflection.tableType(codec)))
        const name = build.inflection.orderByAttributeEnum({ codec, attributeName: position, variant: 'asc' } as never)
        const value = type instanceof build.graphql.GraphQLEnumType ? type.getValue(name) : undefined
        return value == null ? arg : { ...arg, defaultValue: [value.value] }
      },
    },
  },
}

/** Column of the places of the rows that a relation leads to, or null. */
function positionOf({ registry, codec, relationName }: RelationDetails): string | null {
  const relation = registry.pgRelations[codec.name]?.[relationName]
  const declared = relation?.extensions?.rowhouseRelation
  const entity = relation?.remoteResource.codec.extensions?.rowhouseEntity
  if (declared?.kind !== 'many' || entity === undefined) return null
  return toOnesOf(entity).find(({ name }) => name === declared.by)?.position ?? null
}
