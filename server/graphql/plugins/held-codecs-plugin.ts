import { paddedCodec, zonelessCodec } from '../held-codec.ts'
import 'postgraphile'

/** Columns of unusual types are, for callers, what their fields are everywhere: texts and instants. */
export const HeldCodecsPlugin: GraphileConfig.Plugin = {
  name: 'HeldCodecsPlugin',
  version: '1.0.0',
  before: ['PgCodecsPlugin'],
  schema: {
    hooks: {
      init: {
        before: ['PgCodecs'],
        callback(_, build) {
          const all = Object.values(build.input.pgRegistry.pgCodecs) as readonly unknown[]
          for (const [codec, type] of [
            [paddedCodec, 'String'],
            [zonelessCodec, 'Datetime'],
          ] as const) {
            if (!all.includes(codec)) continue
            build.setGraphQLTypeForPgCodec(codec as never, ['input', 'output'], build.inflection.builtin(type))
          }
          return _
        },
      },
    },
  },
}
