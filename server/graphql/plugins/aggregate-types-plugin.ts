import { type PgCodec, TYPES } from '@dataplan/pg'
import { GraphQLFloat, getNullableType, isNonNullType } from 'graphql'
import { type SQL, sql } from 'pg-sql2'
import { isMinorCodec, minorScale } from '../field-codec.ts'
import { floatAggregate } from '../float-aggregates.ts'
import { zonelessCodec } from '../held-codec.ts'
import 'postgraphile'
import '@graphile/pg-aggregates'

interface AggregateSpec {
  readonly id: string
  readonly isSuitableType: (codec: PgCodec) => boolean
  readonly sqlAggregateWrap: (value: SQL, codec: PgCodec) => SQL
  readonly pgTypeCodecModifier?: (codec: PgCodec) => PgCodec
}

const numbers: readonly PgCodec[] = [TYPES.int, TYPES.bigint, TYPES.float, TYPES.float4, TYPES.numeric]
const times: readonly PgCodec[] = [TYPES.timestamptz, TYPES.date, TYPES.time, zonelessCodec]

/**
 * Tells the aggregates which types are numbers; they would otherwise learn it from introspection. The smallest and the
 * largest of days and instants come on top. Aggregates of floats never raise: they are null where they are out of range.
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
            floatAggregate(spec.id, value, codec) ??
            minorMean(spec, value, codec) ??
            spec.sqlAggregateWrap(value, codec),
          // A sum of cents is cents.
          ...(spec.pgTypeCodecModifier === undefined
            ? {}
            : {
                pgTypeCodecModifier: (codec: PgCodec) =>
                  spec.id === 'sum' && isMinorCodec(codec as never) ? codec : spec.pgTypeCodecModifier!(codec),
              }),
        }))
        return build
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
  if (isMinorCodec(codec as never)) return ['sum', 'average', 'min', 'max'].includes(spec.id)
  if (spec.id === 'min' || spec.id === 'max') return numbers.includes(codec) || times.includes(codec)
  return numbers.includes(codec)
}

/** Means of cents are told in whole units, for they are finer than cents. */
function minorMean(spec: AggregateSpec, value: SQL, codec: PgCodec): SQL | null {
  if (spec.id !== 'average' || !isMinorCodec(codec as never)) return null
  return sql`(${spec.sqlAggregateWrap(value, codec)} / ${sql.literal(10 ** minorScale(codec as never))})`
}
