import { type PgResource, type PgSelectStep, TYPES } from '@dataplan/pg'
import { type ExecutableStep, lambda, object } from 'grafast'
import type { SQL } from 'pg-sql2'
import { RequestError } from '#base'
import { foundKeys, searchName } from '#migrations'
import type { Entity } from '#schema'
import { entitiesOf, entityResources } from '../model-of-build.ts'
import type { OrderSpec } from '../wrap-order.ts'
import { type ListParts, listParts } from './distinct-plugin.ts'
import 'postgraphile'
import 'postgraphile-plugin-connection-filter'

/** Characters that a search may have. */
export const maxSearchLength = 500

type Sql = GraphileBuild.Build['sql']

interface Args {
  getRaw(name?: string): ExecutableStep
}

interface Connection extends ExecutableStep {
  getSubplan(): PgSelectStep
}

type FieldPlan = ($parent: never, args: Args, info: never) => Connection

interface ListScope {
  readonly fieldName: string
  readonly argName?: string
  readonly isPgFieldConnection?: boolean
  readonly pgFieldResource?: PgResource
  readonly isRowhouseLineage?: boolean
}

const notes = {
  argument: `Only rows that hold all of these words, best first where no order is asked for. "red shoes" within quotes stand side by side, \`or\` and \`-word\` mean what they do elsewhere, and the last word may go on. Blank: all rows. At most ${maxSearchLength} characters.`,
  filter: `Only rows that hold all of these words, as the argument \`search\` of lists has it.`,
} as const

/**
 * `orders(search: "red shoes")`, and `search` in filters: rows that hold the words. A function of the database finds them by its index and gives those
 * that the caller may read; they are joined with the rows under the caller's own row security.
 */
export const SearchPlugin: GraphileConfig.Plugin = {
  name: 'SearchPlugin',
  version: '1.0.0',
  // Behind whatever gives `orderBy` a default.
  after: [
    'PgConnectionArgOrderByPlugin',
    'PgConnectionArgOrderByDefaultValuePlugin',
    'DefaultOrderPlugin',
    'PlaceOrderPlugin',
    'LineagePlugin',
    'PgConnectionArgFilterPlugin',
  ],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args(args, build, context) {
        if (searchedBy(build, context.scope as ListScope) === null) return args
        return build.extend(
          args,
          { search: { type: build.graphql.GraphQLString, description: notes.argument } },
          'SearchPlugin',
        )
      },
      // With words the best come first, so an order by default must be told from one that was asked for.
      GraphQLObjectType_fields_field_args_arg(arg, build, context) {
        const scope = context.scope as ListScope
        const found = searchedBy(build, scope)
        if (scope.argName !== 'orderBy' || found === null || !Array.isArray(arg.defaultValue)) return arg
        const usual = orderValues(build, found.resource, arg.defaultValue)
        usualOrdersOf(build).set(`${context.Self.name}.${scope.fieldName}`, usual)
        const { defaultValue: _, ...rest } = arg
        const names = usual.map(({ name }) => name).join(', ')
        const said = `Left out: \`[${names}]\`; with \`search\` rows that fit best come before others.`
        return { ...rest, description: `${arg.description ?? ''} ${said}`.trim() } as typeof arg
      },
      GraphQLObjectType_fields_field(field, build, context) {
        const scope = context.scope as ListScope
        const found = searchedBy(build, scope)
        const plan = field.plan as FieldPlan | undefined
        if (found === null || plan === undefined) return field
        const usual = () => usualOrdersOf(build).get(`${context.Self.name}.${scope.fieldName}`) ?? []
        const isOrdered = scope.isRowhouseLineage !== true
        return { ...field, plan: searching(build, plan, { ...found, isOrdered, usual }) as never }
      },
      GraphQLInputObjectType_fields(fields, build, context) {
        const { isPgConnectionFilter, pgCodec } = context.scope as { isPgConnectionFilter?: boolean; pgCodec?: unknown }
        if (isPgConnectionFilter !== true || 'search' in fields) return fields
        const own = entityResources(build).find(
          ({ entity, resource }) => isSearched(entity) && resource.codec === pgCodec,
        )
        if (own === undefined || named(own.entity).has('search')) return fields
        const make = () => filterField(build, own.entity) as never
        const field = context.fieldWithHooks({ fieldName: 'search', isPgConnectionFilterField: true } as never, make)
        return build.extend(fields, { search: field }, 'SearchPlugin')
      },
    },
  },
}

interface Searched {
  readonly entity: Entity
  readonly resource: PgResource
}

function isSearched(entity: Entity): boolean {
  return entity.search !== null
}

/** What a list of rows that have words is a list of, or null. */
function searchedBy(build: GraphileBuild.Build, scope: ListScope): Searched | null {
  if (scope.isPgFieldConnection !== true || scope.pgFieldResource === undefined) return null
  const { codec } = scope.pgFieldResource
  return entityResources(build).find(({ entity, resource }) => isSearched(entity) && resource.codec === codec) ?? null
}

function named({ fields, relations, computed }: Entity): ReadonlySet<string> {
  return new Set([...fields, ...relations, ...computed].map(({ name }) => name))
}

/** A query while it is being made. */
interface Query {
  join(spec: object): void
  orderBy(spec: OrderSpec): void
  setMeta(key: string, value: unknown): void
  readonly alias: SQL
}

interface Searching extends Searched {
  /** Whether the best come first where no order is asked for. */
  readonly isOrdered: boolean
  readonly usual: () => readonly OrderValue[]
}

function searching(build: GraphileBuild.Build, plan: FieldPlan, list: Searching): FieldPlan {
  return ($parent, args, info) => {
    const $connection = plan($parent, args, info)
    const $given = object({ asked: args.getRaw('search'), orders: args.getRaw('orderBy') })
    const find = ({ asked, orders }: { readonly asked: unknown; readonly orders: unknown }) => {
      const words = wordsOf(asked)
      const isUsual = !isGiven(orders)
      return (given: Query) => {
        const parts: ListParts = { joins: [], orders: [] }
        given.setMeta(listParts as never, parts)
        const query = noted(given, parts)
        if (words !== null)
          parts.joins.push(joinFound(build, query, { entity: list.entity, words, isRanked: isUsual && list.isOrdered }))
        if (isUsual) for (const { extensions } of list.usual()) extensions.grafast?.apply?.(query)
      }
    }
    $connection.getSubplan().apply(lambda($given, find as never, true) as never)
    return $connection
  }
}

/** The query, whose orders are kept for whoever chooses among its rows. */
function noted(query: Query, { orders }: ListParts): Query {
  const orderBy: Query['orderBy'] = (spec) => {
    orders.push(spec)
    query.orderBy(spec)
  }
  return new Proxy(query, {
    get: (target, name) => (name === 'orderBy' ? orderBy : Reflect.get(target, name, target)),
  })
}

/** Joins the rows that are found; gives the join, for whoever chooses among the rows of the query. */
function joinFound(
  build: GraphileBuild.Build,
  query: Query,
  { entity, ...call }: { readonly entity: Entity; readonly words: string; readonly isRanked: boolean },
): SQL {
  const { sql } = build
  const alias = sql.identifier(Symbol('found'))
  const conditions = keysOf(build, entity).map(({ name, column }) => sql`${alias}.${name} = ${query.alias}.${column}`)
  const from = callOf(sql, entity, call)
  query.join({ type: 'inner', from, alias, conditions })
  if (call.isRanked)
    query.orderBy({ fragment: sql`${alias}.rank`, codec: TYPES.int as never, direction: 'DESC', nullable: false })
  return sql` inner join ${from} as ${alias} on ${sql.join(conditions, ' and ')}`
}

function callOf(sql: Sql, entity: Entity, { words, isRanked }: { readonly words: string; readonly isRanked: boolean }) {
  const name = sql.identifier('rowhouse_private', searchName(entity))
  return sql`${name}(${sql.value(words)}::text, ${isRanked ? sql`true` : sql`false`})`
}

interface OrderValue {
  readonly name: string
  readonly value?: unknown
  readonly extensions: { readonly grafast?: { readonly apply?: (query: Query) => void } }
}

/** Values of the enum of an entity's orders, in the order in which they are wanted. */
function orderValues(
  build: GraphileBuild.Build,
  { codec }: PgResource,
  wanted: readonly unknown[],
): readonly OrderValue[] {
  const type = build.getTypeByName(build.inflection.orderByType(build.inflection.tableType(codec as never)))
  const values: readonly OrderValue[] = type instanceof build.graphql.GraphQLEnumType ? (type.getValues() as never) : []
  return wanted.flatMap((one) => values.find(({ value }) => value === one) ?? [])
}

/** What lists are ordered by that are asked for nothing else, by type and field; known when all arguments are made. */
function usualOrdersOf({ input }: GraphileBuild.Build): Map<string, readonly OrderValue[]> {
  const known = usualOrders.get(input) ?? new Map<string, readonly OrderValue[]>()
  usualOrders.set(input, known)
  return known
}

const usualOrders = new WeakMap<object, Map<string, readonly OrderValue[]>>()

function isGiven(orders: unknown): boolean {
  return Array.isArray(orders) && orders.length > 0
}

interface Filter {
  readonly alias: SQL
  where(condition: SQL): void
}

function filterField(build: GraphileBuild.Build, entity: Entity) {
  const { sql } = build
  const keys = keysOf(build, entity)
  return {
    type: build.graphql.GraphQLString,
    description: notes.filter,
    apply: ($where: Filter, given: unknown) => {
      if (given === null) throw new RequestError('VALIDATION', 'A filter may not compare with null; use "isNull".')
      const words = wordsOf(given)
      if (words === null) return
      const own = sql.join(
        keys.map(({ column }) => sql`${$where.alias}.${column}`),
        ', ',
      )
      const found = sql.join(
        keys.map(({ name }) => name),
        ', ',
      )
      const call = callOf(sql, entity, { words, isRanked: false })
      $where.where(sql`(${own}) in (select ${found} from ${call})`)
    },
  }
}

function keysOf(build: GraphileBuild.Build, entity: Entity) {
  const { sql } = build
  return foundKeys(entity, entitiesOf(build)).map(({ name, column }) => ({
    name: sql.identifier(name),
    column: sql.identifier(column),
  }))
}

/** What is looked for; null where nothing is. */
function wordsOf(given: unknown): string | null {
  if (typeof given !== 'string' || given.trim() === '') return null
  if (given.length <= maxSearchLength) return given
  throw new RequestError('VALIDATION', `A search has at most ${maxSearchLength} characters.`)
}
