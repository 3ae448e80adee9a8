import type { PgResource } from '@dataplan/pg'
import type { SQL } from 'pg-sql2'
import { RequestError } from '#base'
import { type Entity, type Through, toOnesOf } from '#schema'
import { entityResources, keyColumnOf } from '../model-of-build.ts'
import 'postgraphile'
import 'postgraphile-plugin-connection-filter'

/** Name of the column by which rows behind an entity in between are matched; no column of an entity is called so. */
const back = 'rowhouse in between'

interface Filter {
  readonly alias: SQL
  existsPlan(options: object): { readonly alias: SQL; where(condition: SQL): void }
  andPlan(): { extensions: Record<string, unknown> }
}

/** `tags: { some, none, every }` in filters: many to many, by a link or an entity in between that the caller may see. */
export const ThroughFilterPlugin: GraphileConfig.Plugin = {
  name: 'ThroughFilterPlugin',
  version: '1.0.0',
  after: ['PgConnectionArgFilterBackwardRelationsPlugin'],
  schema: {
    hooks: {
      init(_, build) {
        for (const { entity, resource } of entityResources(build))
          for (const relation of throughs(entity)) registerManyFilter(build, resource, target(build, relation))
        return _
      },
      GraphQLInputObjectType_fields(fields, build, context) {
        const { isPgConnectionFilter, pgCodec } = context.scope as { isPgConnectionFilter?: boolean; pgCodec?: unknown }
        if (isPgConnectionFilter !== true) return fields
        const own = entityResources(build).find(({ resource }) => resource.codec === pgCodec)
        if (own === undefined) return fields
        const added = throughs(own.entity).flatMap((relation) => {
          const made = { [relation.name]: filterField, [`${relation.name}Exist`]: existField }
          return Object.entries(made).map(([fieldName, make]) => [
            fieldName,
            context.fieldWithHooks(
              { fieldName, isPgConnectionFilterField: true } as never,
              () => make(build, own.resource, relation) as never,
            ),
          ])
        })
        return build.extend(fields, Object.fromEntries(added), 'ThroughFilterPlugin')
      },
    },
  },
}

function throughs({ relations }: Entity): readonly Through[] {
  return relations.filter((relation) => relation.kind === 'through')
}

function target(build: GraphileBuild.Build, relation: Through): PgResource {
  return entityResources(build).find(({ entity }) => entity.name === relation.to)!.resource
}

/** `OrderToManyTagFilter`; its fields come from the plugin, for which the scope is. */
function registerManyFilter(build: GraphileBuild.Build, own: PgResource, foreignTable: PgResource): void {
  const name = build.inflection.filterManyType(own.codec as never, foreignTable as never)
  if (build.getTypeMetaByName(name) !== null) return
  const scope = { foreignTable, isPgConnectionFilterMany: true }
  const description = `What holds of many \`${foreignTable.codec.name}\` rows. Keys side by side mean and.`
  build.registerInputObjectType(name, scope as never, () => ({ description }) as never, 'ThroughFilterPlugin')
}

function filterField(build: GraphileBuild.Build, own: PgResource, relation: Through) {
  const foreignTable = target(build, relation)
  const tableExpression = joined(build, relation, foreignTable)
  return {
    description: `Filter by the row’s \`${relation.name}\`.`,
    type: build.getTypeByName(build.inflection.filterManyType(own.codec as never, foreignTable as never)),
    apply: ($where: Filter, value: unknown) => {
      if (value == null) throw noNull()
      const $related = $where.andPlan()
      const columns = { localAttributes: [keyColumnOf(own)], remoteAttributes: [back] }
      $related.extensions.pgFilterRelation = { tableExpression, alias: foreignTable.name, ...columns }
      return $related
    },
  }
}

function existField(build: GraphileBuild.Build, own: PgResource, relation: Through) {
  const { sql } = build
  const foreignTable = target(build, relation)
  const tableExpression = joined(build, relation, foreignTable)
  return {
    description: `Whether the row has any \`${relation.name}\`.`,
    type: build.graphql.GraphQLBoolean,
    apply: ($where: Filter, value: unknown) => {
      if (value == null) throw noNull()
      const $related = $where.existsPlan({ tableExpression, alias: foreignTable.name, equals: value })
      $related.where(
        sql`${$where.alias}.${sql.identifier(keyColumnOf(own))} = ${$related.alias}.${sql.identifier(back)}`,
      )
    },
  }
}

function noNull(): RequestError {
  return new RequestError('VALIDATION', 'A filter may not compare with null; use "isNull".')
}

/** The rows behind, each once with the id of the row in front; row security holds for both tables. */
function joined(build: GraphileBuild.Build, relation: Through, foreignTable: PgResource): SQL {
  const { sql } = build
  const between = entityResources(build).find(({ entity }) => entity.name === relation.through)!
  const columnOf = (name: string) => sql.identifier(toOnesOf(between.entity).find((one) => one.name === name)!.column)
  const [via, row, target, pair] = ['between', 'behind', 'target', 'pair'].map((name) => sql.identifier(Symbol(name)))
  const columns = Object.keys(foreignTable.codec.attributes ?? {}).map((name) => sql`${row!}.${sql.identifier(name)}`)
  // A link has one row for each pair; another entity may have several, and aggregates would count the target with each.
  const select = between.entity.link === null ? sql`select distinct` : sql`select`
  const pairs = sql`(${select} ${columnOf(relation.from)} as ${sql.identifier(back)}, ${columnOf(relation.toward)} as ${target!} from ${from(between.resource)} as ${pair!})`
  return sql`(select ${via!}.${sql.identifier(back)}, ${sql.join(columns, ', ')} from ${pairs} as ${via!} inner join ${from(foreignTable)} as ${row!} on ${row!}.${sql.identifier(keyColumnOf(foreignTable))} = ${via!}.${target!})`
}

function from(resource: PgResource): SQL {
  return resource.from as SQL
}
