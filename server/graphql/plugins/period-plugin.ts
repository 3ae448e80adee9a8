import { type PgCodec, TYPES } from '@dataplan/pg'
import { access, type ExecutableStep, lambda } from 'grafast'
import { type SQL, sql } from 'pg-sql2'
import { RequestError } from '#base'
import { type PeriodEnds, periodText } from '#schema'
import { periodEnds, periodOf, periodTypeName } from '../period-codec.ts'
import 'postgraphile'

type Of = 'date' | 'datetime'

/** `DatePeriod` and `DatetimePeriod`: read, written and filtered as `{ from, to }`. */
export const PeriodPlugin: GraphileConfig.Plugin = {
  name: 'PeriodPlugin',
  version: '1.0.0',
  after: ['PgConnectionArgFilterOperatorsPlugin'],
  schema: {
    entityBehavior: {
      pgCodecAttribute: {
        override: {
          provides: ['period'],
          after: ['override'],
          // The keys of groups are texts as Postgres has them.
          callback: (behavior: unknown, [codec, name]: readonly [PgCodec, string]) =>
            periodOf(codec.attributes?.[name]?.codec as PgCodec) === null ? behavior : [behavior, '-attribute:groupBy'],
        },
      },
    } as never,
    hooks: {
      init: {
        before: ['PgCodecs'],
        callback(_, build) {
          const codecs = Object.values(build.input.pgRegistry.pgCodecs) as unknown as readonly PgCodec[]
          for (const codec of codecs) {
            const of = periodOf(codec)
            if (of === null) continue
            registerTypes(build, of)
            build.setGraphQLTypeForPgCodec(codec as never, 'output', periodTypeName(of, 'output'))
            build.setGraphQLTypeForPgCodec(codec as never, 'input', periodTypeName(of, 'input'))
          }
          return _
        },
      },
      GraphQLInputObjectType_fields(fields, build, context) {
        const scope = context.scope as {
          readonly pgConnectionFilterOperators?: { readonly pgCodecs: readonly PgCodec[] }
        }
        const [codec] = scope.pgConnectionFilterOperators?.pgCodecs ?? []
        const of = codec === undefined ? null : periodOf(codec)
        return of === null ? fields : { isNull: fields.isNull!, ...operators(build, of) }
      },
    },
  },
}

const words = {
  date: {
    period: 'Days from the first one to the last one, both included.',
    from: 'The first day; null: since ever.',
    to: 'The last day, which belongs to the period; null: for ever.',
    covers: 'The day lies in the period.',
    overlaps: 'The two periods share a day.',
    endsBefore: 'The last day of the period lies before this day.',
    startsAfter: 'The first day of the period lies after this day.',
  },
  datetime: {
    period: 'The time from one instant up to another, which does not belong to it.',
    from: 'The first instant; null: since ever.',
    to: 'The first instant after the period; null: for ever.',
    covers: 'The instant lies in the period.',
    overlaps: 'The two periods share an instant.',
    endsBefore: 'The period is over at this instant.',
    startsAfter: 'The period begins after this instant.',
  },
} as const

function registerTypes(build: GraphileBuild.Build, of: Of): void {
  const scalar = () => build.getTypeByName(elementName(build, of)) as never
  const say = words[of]
  const read = (name: 'from' | 'to') => ({
    type: scalar(),
    description: say[name],
    plan: ($period: ExecutableStep) => access(lambda($period, endsOf, true), name),
  })
  const output = () => ({
    assertStep: null,
    description: say.period,
    fields: () => ({ from: read('from'), to: read('to') }),
  })
  build.registerObjectType(periodTypeName(of, 'output'), {}, output as never, 'PeriodPlugin')
  const written = (name: 'from' | 'to') => ({ type: scalar(), description: say[name] })
  const input = () => ({ description: say.period, fields: () => ({ from: written('from'), to: written('to') }) })
  build.registerInputObjectType(periodTypeName(of, 'input'), {}, input as never, 'PeriodPlugin')
}

function endsOf(text: unknown): PeriodEnds | null {
  return typeof text === 'string' ? periodEnds(text) : null
}

function elementName(build: GraphileBuild.Build, of: Of): string {
  return build.inflection.builtin(of === 'date' ? 'Date' : 'Datetime')
}

interface Where {
  readonly alias: SQL
  readonly extensions: { readonly pgFilterAttribute: { readonly attributeName: string; readonly fieldName: string } }
  where(condition: SQL): void
}

function operators(build: GraphileBuild.Build, of: Of): Record<string, never> {
  const element = (of === 'date' ? TYPES.date : TYPES.timestamptz).sqlType
  const range = of === 'date' ? sql`daterange` : sql`tstzrange`
  const operator = (name: keyof (typeof words)[Of], type: string, test: (period: SQL, value: unknown) => SQL) => ({
    type: build.getTypeByName(type),
    description: words[of][name],
    apply: ($where: Where, value: unknown) => {
      if (value === undefined) return
      if (value === null) throw new RequestError('VALIDATION', 'A filter may not compare with null; use "isNull".')
      const { attributeName } = $where.extensions.pgFilterAttribute
      $where.where(test(sql`${$where.alias}.${sql.identifier(attributeName)}`, value))
    },
  })
  const scalar = elementName(build, of)
  const one = (value: unknown) => sql`${sql.value(value as string)}::${element}`
  const other = (value: unknown) => sql`${sql.value(filterRange(of, value as Partial<PeriodEnds>))}::${range}`
  return {
    covers: operator('covers', scalar, (period, value) => sql`${period} @> ${one(value)}`),
    overlaps: operator('overlaps', periodTypeName(of, 'input'), (period, value) => sql`${period} && ${other(value)}`),
    endsBefore: operator('endsBefore', scalar, (period, value) => sql`upper(${period}) <= ${one(value)}`),
    startsAfter: operator('startsAfter', scalar, (period, value) => sql`lower(${period}) > ${one(value)}`),
  } as never
}

function filterRange(of: Of, { from = null, to = null }: Partial<PeriodEnds>): string {
  const text = periodText(of, { from, to })
  if (text !== null) return text
  throw new RequestError('VALIDATION', 'The period of a filter ends before it begins, or holds nothing.', {
    fields: ['overlaps'],
  })
}
