import type { PgCodec } from '@dataplan/pg'
import { isMinorCodec } from '../field-codec.ts'
import 'postgraphile'

/**
 * Money that is stored as a whole number of the smallest unit is a `BigFloat` for callers, as all other money. It is not
 * grouped by: the keys of groups are texts as Postgres has them, in the smallest unit.
 */
export const MinorMoneyPlugin: GraphileConfig.Plugin = {
  name: 'MinorMoneyPlugin',
  version: '1.0.0',
  before: ['PgCodecsPlugin'],
  schema: {
    entityBehavior: {
      pgCodecAttribute: {
        override: {
          provides: ['minorMoney'],
          after: ['override'],
          callback: (behavior: unknown, [codec, name]: readonly [PgCodec, string]) =>
            isMinorCodec(codec.attributes?.[name]?.codec as PgCodec) ? [behavior, '-attribute:groupBy'] : behavior,
        },
      },
    } as never,
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
