import type { PgCodec, PgResource } from '@dataplan/pg'
import 'postgraphile'
import '@graphile-contrib/pg-order-by-related'

interface OrderSpec {
  readonly codec: PgCodec
  readonly nullable?: boolean
}

interface QueryBuilder {
  orderBy(spec: OrderSpec): void
}

interface OrderValue {
  extensions?: { grafast?: { apply?: (builder: QueryBuilder) => void } }
}

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
              retype(values[name] as OrderValue | undefined, codec)
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

function retype(value: OrderValue | undefined, codec: PgCodec): void {
  const grafast = value?.extensions?.grafast
  const apply = grafast?.apply
  if (grafast === undefined || apply === undefined) return
  grafast.apply = (builder) =>
    apply(
      new Proxy(builder, {
        get: (target, key) =>
          key === 'orderBy'
            ? // The related row may be absent or out of sight.
              (spec: OrderSpec) => target.orderBy({ ...spec, codec, nullable: true })
            : Reflect.get(target, key),
      }),
    )
}
