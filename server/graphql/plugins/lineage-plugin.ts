import { type PgResource, type PgSelectStep, TYPES } from '@dataplan/pg'
import { connection, type ExecutableStep, lambda } from 'grafast'
import type { SQL } from 'pg-sql2'
import { followedLineages, lineName } from '#migrations'
import { indexModel, type ModelIndex } from '#policies'
import type { Entity, Lineage } from '#schema'
import { entityResources, keyColumnOf } from '../model-of-build.ts'
import 'postgraphile'

interface Row {
  get(column: string): ExecutableStep
}

interface Marked {
  readonly isRowhouseLineage?: boolean
}

/** What is said of a field that leads along a tree, where the author says nothing. */
const notes = {
  up: 'This row and all above it that the caller may see, nearest first.',
  down: 'This row and all below it that the caller may see, nearest first.',
} as const

/**
 * `ancestors` and `descendants`: connections along a tree. A function that sees all live rows gives keys; the rows are read under the caller's own row
 * security, so that what is hidden shows nowhere, while what lies beyond it does.
 */
export const LineagePlugin: GraphileConfig.Plugin = {
  name: 'LineagePlugin',
  version: '1.0.0',
  after: ['PgRelationsPlugin', 'PgConnectionArgOrderByDefaultValuePlugin', 'DefaultOrderPlugin', 'PlaceOrderPlugin'],
  schema: {
    hooks: {
      GraphQLObjectType_fields(fields, build, context) {
        const { isPgClassType, pgCodec } = context.scope
        const own = entityResources(build).find(({ resource }) => resource.codec === pgCodec)
        if (isPgClassType !== true || own === undefined || own.entity.tree === null) return fields
        const { entity, resource } = own
        const added = followedLineages(entity, indexOf(build)).map((relation) => {
          const scope = {
            fieldName: relation.name,
            fieldBehaviorScope: 'manyRelation:resource:connection',
            isPgFieldConnection: true,
            isPgManyRelationConnectionField: true,
            pgFieldResource: resource,
            isRowhouseLineage: true,
          }
          return [relation.name, context.fieldWithHooks(scope as never, () => field(build, entity, relation) as never)]
        })
        return build.extend(fields, Object.fromEntries(added), 'LineagePlugin')
      },
      // Without an order of the caller's it is that of the tree.
      GraphQLObjectType_fields_field_args_arg(arg, _build, context) {
        const { argName } = context.scope
        if (argName !== 'orderBy' || (context.scope as Marked).isRowhouseLineage !== true) return arg
        const { defaultValue: _, ...rest } = arg
        return rest as typeof arg
      },
    },
  },
}

const indexes = new WeakMap<object, ModelIndex>()

function indexOf(build: GraphileBuild.Build): ModelIndex {
  const model = build.input.rowhouseModel
  const known = indexes.get(model) ?? indexModel(model)
  indexes.set(model, known)
  return known
}

function field(build: GraphileBuild.Build, entity: Entity, relation: Lineage) {
  const { sql, inflection, graphql } = build
  const resource = entityResources(build).find((each) => each.entity.name === entity.name)!.resource
  const type = build.getOutputTypeByName(inflection.tableConnectionType(resource.codec as never))
  return {
    description: relation.note ?? notes[relation.way],
    ...(relation.deprecated === null ? {} : { deprecationReason: relation.deprecated }),
    type: new graphql.GraphQLNonNull(type),
    plan: ($row: Row, args: { getRaw(name: string): ExecutableStep }) => {
      const key = keyColumnOf(resource)
      const $rows = resource.find() as unknown as PgSelectStep
      const line = sql.identifier(Symbol('line'))
      const start = $rows.placeholder($row.get(key) as never, keyCodec(resource, key))
      const keys = sql`${sql.identifier('rowhouse_private', lineName(entity, relation))}(${start})`
      // Places among the rows that the caller sees: cursors tell what they order by, and the depth would tell of hidden rows in between.
      const places = sql`(select k.id, row_number() over (order by k.depth, k.id)::integer as place
        from ${keys} k join ${resource.from as SQL} seen on seen.${sql.identifier(key)} = k.id)`
      const isIts = sql`${$rows.alias}.${sql.identifier(key)} = ${line}.id`
      $rows.join({ type: 'inner', from: places, alias: line, conditions: [isIts] })
      const orders = [{ fragment: sql`${line}.place`, codec: TYPES.int, direction: 'ASC' }] as const
      $rows.apply(lambda(args.getRaw('orderBy'), (given) => usualOrder(given, orders), true) as never)
      return connection($rows as never)
    },
  }
}

function keyCodec(resource: PgResource, key: string) {
  return (resource.codec.attributes as Readonly<Record<string, { readonly codec: typeof TYPES.uuid }>>)[key]!.codec
}

interface Query {
  orderBy(order: Order): void
  setOrderIsUnique(): void
}

interface Order {
  readonly fragment: SQL
  readonly codec: unknown
  readonly direction: 'ASC'
}

/** The order that a query has unless the caller gave one. */
function usualOrder(given: unknown, orders: readonly Order[]): ((query: Query) => void) | null {
  if (Array.isArray(given) && given.length > 0) return null
  return (query) => {
    for (const order of orders) query.orderBy(order)
    query.setOrderIsUnique()
  }
}
