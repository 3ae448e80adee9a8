import type { PgResource } from '@dataplan/pg'
import type { SQL } from 'pg-sql2'
import { RequestError } from '#base'
import { followedLineages, lineName } from '#migrations'
import { indexModel } from '#policies'
import type { Entity, Lineage } from '#schema'
import { entityResources, keyColumnOf } from '../model-of-build.ts'
import 'postgraphile'
import 'postgraphile-plugin-connection-filter'

/** Name of the column that says of which row a line is; no column of an entity is called so. */
const back = 'rowhouse line of'

interface Filter {
  readonly alias: SQL
  andPlan(): { extensions: Record<string, unknown> }
}

/** `ancestors: { some, none, every }` in filters: of the rows along a tree those that the caller sees, as the connection of the same name shows them. */
export const LineageFilterPlugin: GraphileConfig.Plugin = {
  name: 'LineageFilterPlugin',
  version: '1.0.0',
  after: ['PgConnectionArgFilterBackwardRelationsPlugin', 'ThroughFilterPlugin'],
  schema: {
    hooks: {
      init(_, build) {
        for (const { resource } of trees(build)) register(build, resource)
        return _
      },
      GraphQLInputObjectType_fields(fields, build, context) {
        const { isPgConnectionFilter, pgCodec } = context.scope as { isPgConnectionFilter?: boolean; pgCodec?: unknown }
        const own =
          isPgConnectionFilter === true ? trees(build).find(({ resource }) => resource.codec === pgCodec) : undefined
        if (own === undefined) return fields
        const added = own.lineages.map((relation) => [
          relation.name,
          context.fieldWithHooks(
            { fieldName: relation.name, isPgConnectionFilterField: true } as never,
            () => field(build, own, relation) as never,
          ),
        ])
        return build.extend(fields, Object.fromEntries(added), 'LineageFilterPlugin')
      },
    },
  },
}

interface Tree {
  readonly entity: Entity
  readonly resource: PgResource
  readonly lineages: readonly Lineage[]
}

const known = new WeakMap<object, readonly Tree[]>()

/** Entities with rows above or below each other that may be followed. */
function trees(build: GraphileBuild.Build): readonly Tree[] {
  const made = known.get(build.input)
  if (made !== undefined) return made
  const index = indexModel(build.input.rowhouseModel)
  const found = entityResources(build).flatMap(({ entity, resource }) => {
    const lineages = entity.tree === null ? [] : followedLineages(entity, index)
    return lineages.length === 0 ? [] : [{ entity, resource, lineages }]
  })
  known.set(build.input, found)
  return found
}

/** `FolderToManyFolderFilter`, which a `many` of the entity to itself has as well. */
function register(build: GraphileBuild.Build, foreignTable: PgResource): void {
  const codec = foreignTable.codec as never
  const name = build.inflection.filterManyType(codec, foreignTable as never)
  if (build.getTypeMetaByName(name) !== null) return
  const scope = { foreignTable, isPgConnectionFilterMany: true }
  const description = `What holds of many \`${foreignTable.codec.name}\` rows. Keys side by side mean and.`
  build.registerInputObjectType(name, scope as never, () => ({ description }) as never, 'LineageFilterPlugin')
}

function field(build: GraphileBuild.Build, { entity, resource }: Tree, relation: Lineage) {
  const key = keyColumnOf(resource)
  return {
    description: `Filter by the row’s \`${relation.name}\`, itself among them.`,
    type: build.getTypeByName(build.inflection.filterManyType(resource.codec as never, resource as never)),
    apply: ($where: Filter, value: unknown) => {
      if (value == null) throw new RequestError('VALIDATION', 'A filter may not compare with null; use "isNull".')
      const $related = $where.andPlan()
      const tableExpression = line(build, resource, { name: lineName(entity, relation), alias: $where.alias })
      const columns = { localAttributes: [key], remoteAttributes: [back] }
      $related.extensions.pgFilterRelation = { tableExpression, alias: resource.name, ...columns }
      return $related
    },
  }
}

/** The rows of a line, under the caller's row security; the function in front of them gives keys alone. */
function line(
  { sql }: GraphileBuild.Build,
  resource: PgResource,
  { name, alias }: { readonly name: string; readonly alias: SQL },
): SQL {
  const key = sql.identifier(keyColumnOf(resource))
  const [keys, row] = [sql.identifier(Symbol('keys')), sql.identifier(Symbol('row'))]
  const columns = Object.keys(resource.codec.attributes ?? {}).map((column) => sql`${row}.${sql.identifier(column)}`)
  const start = sql`${alias}.${key}`
  return sql`(select ${start} as ${sql.identifier(back)}, ${sql.join(columns, ', ')} from ${sql.identifier('rowhouse_private', name)}(${start}) as ${keys} inner join ${resource.from as SQL} as ${row} on ${row}.${key} = ${keys}.id)`
}
