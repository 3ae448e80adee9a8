import { type PgCodec, TYPES } from '@dataplan/pg'
import { zonelessCodec } from '../held-codec.ts'
import 'postgraphile'
import '@graphile/pg-aggregates'

interface AggregateSpec {
  readonly id: string
  readonly isSuitableType: (codec: PgCodec) => boolean
}

const numbers: readonly PgCodec[] = [TYPES.int, TYPES.bigint, TYPES.float, TYPES.float4, TYPES.numeric]
const times: readonly PgCodec[] = [TYPES.timestamptz, TYPES.date, TYPES.time, zonelessCodec]

/**
 * Tells the aggregates which types are numbers; they would otherwise learn it from introspection. The smallest and the
 * largest of days and instants come on top.
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
        }))
        return build
      },
    },
  },
}

function suits(spec: AggregateSpec, codec: PgCodec): boolean {
  if (spec.id === 'distinctCount') return spec.isSuitableType(codec)
  if (spec.id === 'min' || spec.id === 'max') return numbers.includes(codec) || times.includes(codec)
  return numbers.includes(codec)
}
