import { type PgCodec, TYPES } from '@dataplan/pg'
import { GraphQLFloat, getNullableType, isNonNullType } from 'graphql'
import { type SQL, sql } from 'pg-sql2'
import { floatAggregate } from '../float-aggregates.ts'
import { zonelessCodec } from '../held-codec.ts'
import 'postgraphile'
import '@graphile/pg-aggregates'

interface AggregateSpec {
  readonly id: string
  readonly isSuitableType: (codec: PgCodec) => boolean
  readonly sqlAggregateWrap: (value: SQL, codec: PgCodec) => SQL
}

interface HavingNames {
  readonly aggregateHavingFilterInputType: (of: 'datetime' | 'bigint') => string
}

const numbers: readonly PgCodec[] = [TYPES.int, TYPES.bigint, TYPES.float, TYPES.float4, TYPES.numeric]
const times: readonly PgCodec[] = [TYPES.timestamptz, TYPES.date, TYPES.time, zonelessCodec]

/**
 * Tells the aggregates which types are numbers; they would otherwise learn it from introspection. The smallest and the
 * largest of days and instants come on top. Aggregates of floats never raise: they are null where they are out of range. How many
 * different instants there are is held against a number, not an instant.
 */
export const AggregateTypesPlugin: GraphileConfig.Plugin = {
  name: 'AggregateTypesPlugin',
  version: '1.0.0',
  after: ['PgAggregatesSpecsPlugin'],
  schema: {
    hooks: {
      build(build) {
        const aggregated = build as unknown as { pgAggregateSpecs: readonly AggregateSpec[] }
        aggregated.pgAggregateSpecs = aggregated.pgAggregateSpecs.map((spec) => ({
          ...spec,
          isSuitableType: (codec) => suits(spec, codec),
          sqlAggregateWrap: (value, codec) =>
            // `having` asks all aggregates of instants: there is no sum of these.
            suits(spec, codec)
              ? (floatAggregate(spec.id, value, codec) ?? spec.sqlAggregateWrap(value, codec))
              : sql`null`,
        }))
        return build
      },
      GraphQLInputObjectType_fields_field(field, build, { Self }) {
        const { aggregateHavingFilterInputType: nameOf } = build.inflection as unknown as HavingNames
        const isInstant = String(field.type) === nameOf('datetime')
        // The scope of these types is empty.
        if (!isInstant || !/HavingDistinctCountInput$/.test(Self.name)) return field
        return { ...field, type: build.getInputTypeByName(nameOf('bigint')) }
      },
      GraphQLObjectType_fields_field(field, _build, { scope }) {
        const { isPgConnectionAggregateField } = scope as { readonly isPgConnectionAggregateField?: boolean }
        const isFloat = isNonNullType(field.type) && field.type.ofType === GraphQLFloat
        return isPgConnectionAggregateField === true && isFloat
          ? { ...field, type: getNullableType(field.type) }
          : field
      },
    },
  },
}

function suits(spec: AggregateSpec, codec: PgCodec): boolean {
  if (spec.id === 'distinctCount') return spec.isSuitableType(codec)
  if (spec.id === 'min' || spec.id === 'max') return numbers.includes(codec) || times.includes(codec)
  return numbers.includes(codec)
}
