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
      GraphQLEnumType_values(values, _build, context) {
        const { isPgRowSortEnum, pgCodec } = context.scope
        if (isPgRowSortEnum !== true || pgCodec === undefined) return values
        for (const [name, value] of Object.entries(values)) {
          wrapOrder(value, (builder, spec) => {
            const expression = nullableExpression(pgCodec as PgCodec, name, builder, spec)
            if (expression !== null) {
              const { direction } = spec
              builder.orderBy({
                fragment: sql`(${expression} is null)`,
                codec: TYPES.boolean,
                direction,
                nullable: false,
              })
            }
            builder.orderBy(expression === null ? spec : { ...spec, nullable: true })
          })
        }
        return values
      },
    },
  },
}

/** What is ordered by, or null when it is never null: a required field, the number or the sum of related rows. */
function nullableExpression(codec: PgCodec, name: string, builder: OrderBuilder, spec: OrderSpec): SQL | null {
  if (spec.attribute !== undefined) {
    const isRequired = codec.attributes?.[spec.attribute]?.notNull === true
    return isRequired ? null : sql`${builder.alias}.${sql.identifier(spec.attribute)}`
  }
  if (spec.fragment === undefined || spec.nullable === false || /_(COUNT|SUM)_/.test(name)) return null
  return spec.fragment
}
