import { type PgCodec, TYPES } from '@dataplan/pg'
import { type SQL, sql } from 'pg-sql2'
import { type OrderBuilder, type OrderSpec, wrapOrder } from '../wrap-order.ts'
import 'postgraphile'

/**
 * Orders by a value that may be null first by "is it null", then by the value: the same order as Postgres has by itself.
 * Without that a cursor skips rows: 40 and 80 of 120 rows were listed, page by page, when a third of the values was null,
 * because the condition that continues behind a cursor has the two cases with null the wrong way round (@dataplan/pg
 * 1.1.2). The price: such an order does not come from an index on the column alone.
 */
export const NullOrderPlugin: GraphileConfig.Plugin = {
  name: 'NullOrderPlugin',
  version: '1.0.0',
  after: [
    'PgOrderAllAttributesPlugin',
    'PgOrderByRelatedPlugin',
    'PgAggregatesOrderByAggregatesPlugin',
    'RelatedOrderPlugin',
  ],
  schema: {
    hooks: {
      GraphQLEnumType_values(values, build, context) {
        const { isPgRowSortEnum, pgCodec } = context.scope
        if (isPgRowSortEnum !== true || pgCodec === undefined) return values
        const totals = totalNames(build, pgCodec as PgCodec)
        for (const [name, value] of Object.entries(values)) {
          wrapOrder(value, (builder, spec) => {
            const isTotal = spec.attribute === undefined && totals.test(name)
            const expression = isTotal ? null : nullableExpression(pgCodec as PgCodec, builder, spec)
            if (expression !== null) {
              const { direction } = spec
              builder.orderBy({
                fragment: sql`(${expression} is null)`,
                codec: TYPES.boolean,
                direction,
                nullable: false,
              })
            }
            builder.orderBy(expression === null ? spec : nullable(pgCodec as PgCodec, spec, expression))
          })
        }
        return values
      },
    },
  },
}

/** Cursors hold values of orders: codecs of booleans fail for null (@dataplan/pg 1.1.2), where those of other types do not. */
const booleanOrNull: PgCodec = {
  ...TYPES.boolean,
  fromPg: (value) => (value === null ? null : TYPES.boolean.fromPg(value)),
  toPg: (value) => (value === null ? null : TYPES.boolean.toPg(value)),
} as PgCodec

function nullable(codec: PgCodec, spec: OrderSpec, fragment: SQL): OrderSpec {
  const own = spec.attribute === undefined ? spec.codec : codec.attributes?.[spec.attribute]?.codec
  if (own !== TYPES.boolean) return { ...spec, nullable: true }
  return { fragment, codec: booleanOrNull, direction: spec.direction, nullable: true }
}

/** Names of orders by the number or the sum of related rows, which are never null. A field may be called `stockCount` as well. */
function totalNames(build: GraphileBuild.Build, codec: PgCodec): RegExp {
  const relations = Object.entries(build.input.pgRegistry.pgRelations[codec.name] ?? {})
  const many = relations.filter(([, relation]) => relation.isUnique !== true)
  const names = many.map(([name]) => build.inflection.constantCase(name))
  return new RegExp(`^(${names.join('|')})_(_?COUNT_(ASC|DESC)$|_?SUM_|_?DISTINCT_COUNT_)`)
}

/** What is ordered by, or null when it is never null: a required field. */
function nullableExpression(codec: PgCodec, builder: OrderBuilder, spec: OrderSpec): SQL | null {
  if (spec.attribute !== undefined) {
    const isRequired = codec.attributes?.[spec.attribute]?.notNull === true
    return isRequired ? null : sql`${builder.alias}.${sql.identifier(spec.attribute)}`
  }
  return spec.nullable === false ? null : (spec.fragment ?? null)
}
