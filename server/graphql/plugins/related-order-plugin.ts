import type { PgResource } from '@dataplan/pg'
import { wrapOrder } from '../wrap-order.ts'
import 'postgraphile'
import '@graphile-contrib/pg-order-by-related'

/**
 * Gives orders by a field of a related row the type of that field. The plugin that makes them says `bigint` for all,
 * so the second page of such an order failed: "operator does not exist: text < bigint".
 */
export const RelatedOrderPlugin: GraphileConfig.Plugin = {
  name: 'RelatedOrderPlugin',
  version: '1.0.0',
  after: ['PgOrderByRelatedPlugin'],
  schema: {
    hooks: {
      GraphQLEnumType_values(values, build, context) {
        const { isPgRowSortEnum, pgCodec } = context.scope
        if (isPgRowSortEnum !== true || pgCodec === undefined) return values
        const registry = build.input.pgRegistry
        const relations = registry.pgRelations[pgCodec.name] as Record<string, Relation> | undefined
        for (const [relationName, relation] of Object.entries(relations ?? {})) {
          if (!relation.isUnique) continue
          const relationDetails = { registry, codec: pgCodec, relationName }
          for (const [attributeName, { codec }] of Object.entries(relation.remoteResource.codec.attributes ?? {})) {
            for (const variant of ['asc', 'desc'] as const) {
              const name = build.inflection.orderByRelatedColumnEnum({
                relationDetails,
                attributeName,
                variant,
              } as never)
              // The related row may be absent or out of sight.
              wrapOrder(values[name], (builder, spec) => builder.orderBy({ ...spec, codec, nullable: true }))
            }
          }
        }
        return values
      },
    },
  },
}

interface Relation {
  readonly isUnique: boolean
  readonly remoteResource: PgResource
}
