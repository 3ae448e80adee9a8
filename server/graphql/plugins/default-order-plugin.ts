import { type Entity, toOnesOf } from '#schema'
import { idFieldName } from '../api-names.ts'
import 'postgraphile'

interface Resource {
  readonly codec: { readonly extensions?: { readonly rowhouseEntity?: Entity } }
}

/** Lists that are asked for no order have the one that their entity says (`sort`), which the schema shows as default. The key breaks ties. */
export const DefaultOrderPlugin: GraphileConfig.Plugin = {
  name: 'DefaultOrderPlugin',
  version: '1.0.0',
  after: ['PgConnectionArgOrderByDefaultValuePlugin'],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args_arg(arg, build, context) {
        const { argName, isPgFieldConnection, pgFieldResource } = context.scope
        const entity = (pgFieldResource as Resource | undefined)?.codec.extensions?.rowhouseEntity
        if (argName !== 'orderBy' || isPgFieldConnection !== true || entity === undefined || entity.sort.length === 0)
          return arg
        const type = build.getTypeByName(build.inflection.orderByType(entity.name))
        const values = type != null && 'getValues' in type ? type.getValues() : []
        const wanted = orderNames(entity, build).map((name) => values.find((value) => value.name === name)?.value)
        return { ...arg, defaultValue: wanted }
      },
    },
  },
}

/** `['WANTED_ON_DESC', 'CUSTOMER_ID_ASC']` */
function orderNames(entity: Entity, build: GraphileBuild.Build): readonly string[] {
  const links = new Map(toOnesOf(entity).map((relation) => [relation.name, idFieldName(relation)]))
  return entity.sort.map(
    ({ name, descending }) =>
      `${build.inflection.constantCase(links.get(name) ?? name)}_${descending ? 'DESC' : 'ASC'}`,
  )
}
