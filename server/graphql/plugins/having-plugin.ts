import type { PgCodec, PgResource } from '@dataplan/pg'
import type { SQL } from 'pg-sql2'
import { RequestError } from '#base'
import { entityResources } from '../model-of-build.ts'
import 'postgraphile'
import '@graphile/pg-aggregates'
import 'postgraphile-plugin-connection-filter'

interface AggregateSpec {
  readonly id: string
  readonly isSuitableType: (codec: PgCodec) => boolean
  readonly sqlAggregateWrap: (value: SQL, codec: PgCodec) => SQL
  readonly pgTypeCodecModifier?: (codec: PgCodec) => PgCodec
}

/** What aggregates and filters add to a build. */
interface Parts {
  readonly pgAggregateSpecs: readonly AggregateSpec[]
  readonly connectionFilterOperatorsDigest: (codec: PgCodec) => { readonly operatorsTypeName: string } | null
}

interface Names {
  aggregateHavingAggregateInputType(details: object): string
  attribute(details: object): string
}

interface Condition {
  readonly alias: SQL
  readonly extensions: Record<string, unknown>
  having(condition: SQL): void
  orPlan(): Condition
  andPlan(): Condition
  notPlan(): Condition
}

/**
 * `having` speaks the language of `filter`: `and`, `or`, `not`, and for each aggregate the filter of the type that it has. The plugin that makes `having` goes
 * by the type of the field instead: the mean of whole numbers could not be held against 1.5, no row be counted, and sums of instants be asked for.
 */
export const HavingPlugin: GraphileConfig.Plugin = {
  name: 'HavingPlugin',
  version: '1.0.0',
  after: [
    'PgAggregatesAddHavingAggregateTypesPlugin',
    'PgConnectionArgFilterOperatorsPlugin',
    'AggregateTypesPlugin',
    'StructuresPlugin',
  ],
  schema: {
    hooks: {
      GraphQLInputObjectType_fields(fields, build, context) {
        const { isPgAggregateHavingInputType } = context.scope as { readonly isPgAggregateHavingInputType?: boolean }
        if (isPgAggregateHavingInputType === true) return logical(fields, build, context.Self) as never
        const subject = subjectOf(build, context.Self.name)
        return subject === null ? fields : (aggregateFields(build, subject) as never)
      },
    },
  },
}

interface Subject {
  readonly resource: PgResource
  readonly spec: AggregateSpec
}

const subjects = new WeakMap<object, ReadonlyMap<string, Subject>>()

/** What a type `OrderHavingSumInput` is about; the scope of these types is empty. */
function subjectOf(build: GraphileBuild.Build, typeName: string): Subject | null {
  const known = subjects.get(build.input)
  if (known !== undefined) return known.get(typeName) ?? null
  const names = build.inflection as unknown as Names
  const { pgAggregateSpecs } = build as unknown as Parts
  const made = entityResources(build).flatMap(({ resource }) =>
    pgAggregateSpecs.map((spec) => {
      const name = names.aggregateHavingAggregateInputType({ resource, aggregateSpec: spec })
      return [name, { resource, spec }] as const
    }),
  )
  subjects.set(build.input, new Map(made))
  return subjectOf(build, typeName)
}

/** Keys side by side mean and, here as in filters. */
function logical(fields: object, build: GraphileBuild.Build, Self: object): object {
  const { GraphQLList, GraphQLNonNull } = build.graphql
  const { AND: _and, OR: _or, ...aggregates } = fields as Record<string, object>
  const list = new GraphQLList(new GraphQLNonNull(Self as never))
  return {
    and: {
      description: 'Checks for all expressions in this list.',
      type: list,
      apply: (condition: Condition, value: unknown) => notNull(value) && condition.andPlan(),
    },
    or: {
      description: 'Checks for any expressions in this list.',
      type: list,
      apply: (condition: Condition, value: unknown) => {
        notNull(value)
        const either = condition.orPlan()
        return () => either.andPlan()
      },
    },
    not: {
      description: 'Negates the expression.',
      type: Self,
      apply: (condition: Condition, value: unknown) => notNull(value) && condition.notPlan().andPlan(),
    },
    ...aggregates,
  }
}

function notNull(value: unknown): true {
  if (value !== null) return true
  throw new RequestError('VALIDATION', 'A condition may not compare with null; use "isNull".')
}

function aggregateFields(build: GraphileBuild.Build, { resource, spec }: Subject): Record<string, object> {
  const { connectionFilterOperatorsDigest: digestOf } = build as unknown as Parts
  const names = build.inflection as unknown as Names
  const { codec } = resource
  const fields: Record<string, object> = {}
  for (const [attributeName, attribute] of Object.entries(codec.attributes ?? {})) {
    const own = attribute.codec as unknown as PgCodec
    // Whatever may not be aggregated is not asked for in groups either.
    const isOpen = build.behavior.pgCodecAttributeMatches(
      [codec as never, attributeName],
      `${spec.id}:attribute:aggregate` as never,
    )
    if (!isOpen || !spec.isSuitableType(own)) continue
    const result = spec.pgTypeCodecModifier?.(own) ?? own
    const type = build.getTypeByName(digestOf(result)?.operatorsTypeName ?? '')
    if (type == null) continue
    const apply = (parent: Condition, value: unknown) => {
      notNull(value)
      const { sql, dataplanPg } = build
      const condition = new dataplanPg.PgCondition(parent as never, true) as unknown as Condition
      const expression = spec.sqlAggregateWrap(sql`${parent.alias}.${sql.identifier(attributeName)}`, own)
      condition.extensions.pgFilterAttribute = { codec: result, expression }
      return operatorsTarget(condition)
    }
    fields[names.attribute({ codec, attributeName })] = { type, apply }
  }
  return fields
}

/** Operators of filters say `where`. */
function operatorsTarget(condition: Condition): object {
  return Object.assign(condition, { where: (test: SQL) => condition.having(test) })
}
