import { type PgCodec, PgCondition, type PgResource } from '@dataplan/pg'
import { constant, type ExecutableStep, lambda } from 'grafast'
import type { GraphQLInputType } from 'graphql'
import { type SQL, sql } from 'pg-sql2'
import { type Applicable, applyLater, type TargetOf } from '../apply-later.ts'
import type { OrderSpec } from '../wrap-order.ts'
import 'postgraphile'
import '@graphile/pg-aggregates'

const argument = 'distinctOn'

type Select = Applicable & {
  placeholder(step: ExecutableStep, codec: PgCodec): SQL
}

type Connection = ExecutableStep & { getSubplan(): Select }

interface Args {
  getRaw(name: string): (ExecutableStep & { evalIs(value: unknown): boolean }) | undefined
  typeAt(name: string): GraphQLInputType
}

interface Row {
  get(column: string): ExecutableStep
}

type FieldPlan = ($parent: Row, args: Args, info: never) => Connection

/** The query that becomes distinct. */
interface Query {
  readonly alias: SQL
  where(condition: SQL): void
  setMeta(key: string, value: unknown): void
  getMetaRaw(key: string): unknown
}

/** What a list has besides what its filter and order say; noted by the plugins that add it, before rows are chosen. */
export interface ListParts {
  /** ` inner join …` */
  readonly joins: SQL[]
  /** Before those that were asked for. */
  readonly orders: OrderSpec[]
}

/** Under which a query keeps its {@link ListParts}. */
export const listParts = Symbol('listParts')

/** What says which rows there are to choose from, how they are grouped, and which of a group is first. */
interface Choice {
  readonly joins: readonly SQL[]
  readonly conditions: SQL[]
  readonly groups: SQL[]
  readonly orders: OrderSpec[]
}

interface Scope {
  readonly isPgFieldConnection?: boolean
  readonly isPgManyRelationConnectionField?: boolean
  readonly isRowhouseLineage?: boolean
  readonly isPgManyToManyRelationField?: boolean
  readonly pgFieldResource?: PgResource
  readonly pgRelationDetails?: {
    readonly registry: { readonly pgRelations: Readonly<Record<string, Readonly<Record<string, Relation>>>> }
    readonly codec: PgCodec
    readonly relationName: string
  }
}

interface Relation {
  readonly localAttributes: readonly string[]
  readonly remoteAttributes: readonly string[]
}

interface GroupNames {
  aggregateGroupByType(details: { readonly resource: PgResource }): string
}

/**
 * `distinctOn`: of the rows that match, the first of each group in the order of the list. It is one condition more, so counts, aggregates and cursors are
 * those of the rows that are left. Groups are those of `groupedAggregates`.
 */
export const DistinctPlugin: GraphileConfig.Plugin = {
  name: 'DistinctPlugin',
  version: '1.0.0',
  after: [
    'PgConnectionArgFilterPlugin',
    'PgConnectionArgOrderByPlugin',
    'PgAggregatesAddGroupByAggregateEnumsPlugin',
    'SearchPlugin',
  ],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args(args, build, context) {
        const resource = distinctResource(context.scope as Scope)
        if (resource === null || args.orderBy === undefined) return args
        const name = (build.inflection as unknown as GroupNames).aggregateGroupByType({ resource })
        const type = build.getTypeByName(name)
        if (!(type instanceof build.graphql.GraphQLEnumType) || type.getValues().length === 0) return args
        const { GraphQLList, GraphQLNonNull } = build.graphql
        const distinct = {
          type: new GraphQLList(new GraphQLNonNull(type)),
          description: 'Of the rows that match, only the first of each group in the order of the list.',
        }
        return build.extend(args, { [argument]: distinct } as never, 'DistinctPlugin')
      },
      GraphQLObjectType_fields_field(field, _build, context) {
        const scope = context.scope as Scope
        const resource = distinctResource(scope)
        const plan = field.plan as FieldPlan | undefined
        if (resource === null || plan === undefined) return field
        return { ...field, plan: distinctPlan(plan, resource, relationOf(scope)) as never }
      },
    },
  },
}

/** What a list is of that may be distinct: lists of all rows and those of a `many`, which have no other query around the rows. */
function distinctResource(scope: Scope): PgResource | null {
  const { isPgFieldConnection, isRowhouseLineage, isPgManyToManyRelationField, pgFieldResource } = scope
  if (isPgFieldConnection !== true || isRowhouseLineage === true || isPgManyToManyRelationField === true) return null
  const isOdd = pgFieldResource?.parameters !== undefined || pgFieldResource?.codec.attributes === undefined
  return isOdd ? null : (pgFieldResource ?? null)
}

function relationOf({ pgRelationDetails: details }: Scope): Relation | null {
  return details === undefined
    ? null
    : (details.registry.pgRelations[details.codec.name]?.[details.relationName] ?? null)
}

function distinctPlan(plan: FieldPlan, resource: PgResource, relation: Relation | null): FieldPlan {
  return ($parent, args, info) => {
    const $connection = plan($parent, args, info)
    const $groups = args.getRaw(argument)
    // Not every list has the argument.
    if ($groups === undefined || $groups.evalIs(undefined) || $groups.evalIs(null)) return $connection
    const $select = $connection.getSubplan()
    const related = (relation?.remoteAttributes ?? []).map((remote, at) => {
      const { codec } = resource.codec.attributes![remote]!
      const $key = $parent.get(relation!.localAttributes[at]!)
      return { remote, value: $select.placeholder($key, codec as unknown as PgCodec) }
    })
    const key = Symbol(argument)
    const choiceOf = (query: Query) => query.getMetaRaw(key as never) as Choice
    $select.apply(
      step((query) => {
        const conditions = related.map(({ remote, value }) => sql`${query.alias}.${sql.identifier(remote)} = ${value}`)
        const { joins, orders } = (query.getMetaRaw(listParts as never) as ListParts | undefined) ?? noParts
        query.setMeta(key as never, { joins, conditions, groups: [], orders: [...orders] } satisfies Choice)
      }),
    )
    const recorded: TargetOf<Query> = (query) => recorder(query, choiceOf(query))
    const filtered: TargetOf<Query> = (query, value) =>
      value == null ? undefined : new PgCondition(recorded(query, value) as never)
    for (const name of ['filter', 'orderBy', argument]) {
      const given = { type: args.typeAt(name), value: args.getRaw(name)! }
      applyLater($select, given, name === 'filter' ? filtered : recorded)
    }
    $select.apply(step((query) => restrict(query, resource, choiceOf(query))))
    return $connection
  }
}

const noParts: ListParts = { joins: [], orders: [] }

/** Runs when the statement is made; a constant would run while the request is planned. */
function step(apply: (query: Query) => void): ExecutableStep {
  return lambda(constant(null), () => apply, true)
}

/** Keeps what the arguments say for the choice, instead of for the list. */
function recorder(query: Query, { conditions, groups, orders }: Choice): Query {
  const kept: Readonly<Record<string, unknown>> = {
    where: (condition: SQL) => conditions.push(condition),
    groupBy: ({ fragment }: { readonly fragment: SQL }) => groups.push(fragment),
    orderBy: (spec: OrderSpec) => orders.push(spec),
    setOrderIsUnique: () => undefined,
  }
  return new Proxy(query, {
    get: (target, name) =>
      typeof name === 'string' && Object.hasOwn(kept, name) ? kept[name] : Reflect.get(target, name, target),
  })
}

/** The alias of the list stands for the rows of the choice inside of it: what the arguments say of rows is the same text in both places. */
function restrict(query: Query, resource: PgResource, { joins, conditions, groups, orders }: Choice): void {
  if (groups.length === 0) return
  const { alias } = query
  const key = sql.join(
    resource.uniques[0]!.attributes.map((column) => sql`${alias}.${sql.identifier(String(column))}`),
    ', ',
  )
  const on = sql.join(groups, ', ')
  const direction = orders[0]?.direction ?? 'ASC'
  const last = resource.uniques[0]!.attributes.map((column) => ({ attribute: String(column), direction }))
  const order = sql.join([...groups, ...[...orders, ...last].map((spec) => orderSql(alias, spec))], ', ')
  const where =
    conditions.length === 0
      ? sql.blank
      : sql` where ${sql.join(
          conditions.map((each) => sql`(${each})`),
          ' and ',
        )}`
  query.where(
    sql`(${key}) in (select distinct on (${on}) ${key} from ${resource.from as SQL} as ${alias}${sql.join(joins, '')}${where} order by ${order})`,
  )
}

function orderSql(alias: SQL, { attribute, fragment, direction }: OrderSpec): SQL {
  const value = fragment ?? sql`${alias}.${sql.identifier(attribute ?? '')}`
  return direction === 'ASC' ? sql`${value} asc` : sql`${value} desc`
}
