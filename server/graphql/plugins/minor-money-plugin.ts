import { isMinorCodec } from '../field-codec.ts'
import 'postgraphile'

/** Money that is stored as a whole number of the smallest unit is a `BigFloat` for callers, as all other money. */
export const MinorMoneyPlugin: GraphileConfig.Plugin = {
  name: 'MinorMoneyPlugin',
  version: '1.0.0',
  before: ['PgCodecsPlugin'],
  schema: {
    hooks: {
      init: {
        before: ['PgCodecs'],
        callback(_, build) {
          for (const codec of Object.values(build.input.pgRegistry.pgCodecs)) {
            if (!isMinorCodec(codec as never)) continue
            build.setGraphQLTypeForPgCodec(codec as never, ['input', 'output'], build.inflection.builtin('BigFloat'))
          }
          return _
        },
      },
    },
  },
}
