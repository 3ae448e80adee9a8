import { type PgCodec, TYPES } from '@dataplan/pg'
import { type ExecutableStep, lambda } from 'grafast'
import type { GraphQLInputType } from 'graphql'
import { type SQL, sql } from 'pg-sql2'
import { type Applicable, appliedInput } from '../apply-later.ts'
import { zonelessCodec } from '../held-codec.ts'
import { defaultTimeZone, timeZone } from '../time-zone.ts'
import 'postgraphile'
import '@graphile/pg-aggregates'

const zoneKey = 'rowhouseTimeZone'

const units = ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const
type Unit = (typeof units)[number]

interface GroupKey {
  readonly fragment: SQL
  readonly codec: PgCodec
}

/** The query that is being grouped. */
interface GroupBuilder {
  readonly alias: SQL
  groupBy(key: GroupKey): void
  getMetaRaw(key: string): unknown
}

interface GroupScope {
  readonly isPgAggregateGroupEnum?: boolean
  readonly pgTypeResource?: { readonly codec: PgCodec }
}

interface Args {
  getRaw(name: string): ExecutableStep
  typeAt(name: string): GraphQLInputType
}

type Select = Applicable & {
  readonly alias: SQL
  deferredSQL(step: ExecutableStep): SQL
  orderBy(spec: { readonly fragment: SQL; readonly codec: PgCodec; readonly direction: 'ASC' }): void
}

type FieldPlan = ($parent: never, args: Args, info: never) => Select

interface GroupNames {
  aggregateGroupByAttributeEnum(details: object): string
  aggregateGroupByAttributeDerivativeEnum(details: object): string
}

/**
 * Groups of instants by hour, day, week, month, quarter and year of a time zone, and of days by all but the first two. The key of such a group is its first
 * day; of an hour its first instant. The plugin that makes groups has two of these, in the zone of the server's session.
 */
export const GroupIntervalsPlugin: GraphileConfig.Plugin = {
  name: 'GroupIntervalsPlugin',
  version: '1.0.0',
  after: ['PgAggregatesSpecsPlugin', 'PgAggregatesAddGroupByAggregateEnumValuesForAttributesPlugin'],
  schema: {
    hooks: {
      build(build) {
        const made = build as unknown as { pgAggregateGroupBySpecs: readonly object[] }
        made.pgAggregateGroupBySpecs = []
        return build
      },
      GraphQLEnumType_values(values, build, context) {
        const { isPgAggregateGroupEnum, pgTypeResource: resource } = context.scope as GroupScope
        if (isPgAggregateGroupEnum !== true || resource === undefined) return values
        const added: Record<string, object> = {}
        for (const [attributeName, { codec }] of Object.entries(resource.codec.attributes ?? {})) {
          const names = build.inflection as unknown as GroupNames
          // Whatever is not grouped by as it is, is not grouped by parts of it.
          if (!(names.aggregateGroupByAttributeEnum({ resource, attributeName }) in values)) continue
          for (const unit of unitsOf(codec as unknown as PgCodec)) {
            const aggregateGroupBySpec = { id: `truncated-to-${unit}` }
            const details = { resource, attributeName, aggregateGroupBySpec }
            const apply = (builder: GroupBuilder) =>
              builder.groupBy(interval(codec as unknown as PgCodec, unit, builder, attributeName))
            added[names.aggregateGroupByAttributeDerivativeEnum(details)] = { extensions: { grafast: { apply } } }
          }
        }
        return build.extend(values, added as never, 'GroupIntervalsPlugin')
      },
      GraphQLObjectType_fields_field_args(args, build, context) {
        if (context.scope.fieldName !== 'groupedAggregates' || args.groupBy === undefined) return args
        const zone = {
          type: build.graphql.GraphQLString,
          description:
            'Where days, weeks and months of instants begin, as the IANA database names it: `Europe/Berlin`.',
          defaultValue: defaultTimeZone,
        }
        // Both are applied by the field below: groups ask for the zone.
        const { applyPlan: _ours, ...groupBy } = args.groupBy
        return { timeZone: zone, ...args, groupBy } as never
      },
      GraphQLObjectType_fields_field(field, _build, context) {
        const plan = field.plan as FieldPlan | undefined
        if (context.scope.fieldName !== 'groupedAggregates' || plan === undefined) return field
        return { ...field, plan: grouped(plan) as never }
      },
    },
  },
}

/** Groups come in the order of their keys, so that those beyond the limit are the same ones each time. */
function grouped(plan: FieldPlan): FieldPlan {
  return ($parent, args, info) => {
    const $select = plan($parent, args, info)
    const $zone = args.getRaw('timeZone')
    const groups = { type: args.typeAt('groupBy'), value: args.getRaw('groupBy') }
    const { alias } = $select
    // The same texts in both places: a zone is a parameter, which Postgres takes for another value each time.
    const $keys = lambda([$zone, appliedInput(groups)], ([zone, apply]) => keysOf(alias, zone, apply as never), true)
    $select.apply(
      lambda($keys, (keys) => (builder: GroupBuilder) => {
        for (const key of keys) builder.groupBy(key)
      }),
    )
    const $order = lambda($keys, orderOf, true)
    $select.orderBy({
      fragment: $select.deferredSQL($order),
      codec: TYPES.text as unknown as PgCodec,
      direction: 'ASC',
    })
    return $select
  }
}

function keysOf(alias: SQL, given: unknown, apply: (builder: GroupBuilder) => void): readonly GroupKey[] {
  const zone = timeZone(given)
  const keys: GroupKey[] = []
  apply({ alias, groupBy: (key) => keys.push(key), getMetaRaw: (name) => (name === zoneKey ? zone : undefined) })
  return keys
}

function orderOf(keys: readonly GroupKey[]): SQL {
  return keys.length === 0
    ? sql`(select null)`
    : sql.join(
        keys.map(({ fragment }) => fragment),
        ', ',
      )
}

function unitsOf(codec: PgCodec): readonly Unit[] {
  if (codec === TYPES.timestamptz || codec === zonelessCodec) return units
  return codec === TYPES.date ? units.slice(2) : []
}

function interval(codec: PgCodec, unit: Unit, builder: GroupBuilder, attribute: string) {
  const value = sql`${builder.alias}.${sql.identifier(attribute)}`
  const first = sql.literal(unit)
  if (codec === TYPES.date)
    return { fragment: sql`(date_trunc(${first}, ${value}::timestamp))::date`, codec: TYPES.date }
  const instant = codec === zonelessCodec ? sql`(${value} at time zone 'UTC')` : value
  const zone = sql.literal((builder.getMetaRaw(zoneKey) as string | undefined) ?? defaultTimeZone)
  if (unit === 'hour') return { fragment: sql`date_trunc(${first}, ${instant}, ${zone})`, codec: TYPES.timestamptz }
  return { fragment: sql`(date_trunc(${first}, ${instant} at time zone ${zone}))::date`, codec: TYPES.date }
}
