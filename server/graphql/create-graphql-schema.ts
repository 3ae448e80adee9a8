import { buildInflection, getBuilder, type SchemaBuilder } from 'graphile-build'
import { resolvePreset } from 'graphile-config'
import type { GraphQLSchema } from 'graphql'
import type { Model } from '#schema'
import { buildRegistry } from './build-registry.ts'
import { createTypesAhead } from './create-types-ahead.ts'
import { apiPreset } from './preset.ts'
import { withoutHiddenChanges } from './seen-model.ts'

/** A GraphQL schema and the settings that it must be executed with. */
export interface GraphqlApi {
  readonly schema: GraphQLSchema
  readonly resolvedPreset: GraphileConfig.ResolvedPreset
}

/** The GraphQL API of a model. Needs no database; blocks the event loop while it builds. */
export function createGraphqlSchema(declared: Model): GraphqlApi {
  const model = withoutHiddenChanges(declared)
  const resolvedPreset = resolvePreset(apiPreset)
  const builder = getBuilder(resolvedPreset, buildInflection(resolvedPreset))
  prepareTypes(builder)
  const schema = builder.buildSchema({ pgRegistry: buildRegistry(model), rowhouseModel: model } as never)
  return { schema, resolvedPreset }
}

/** Of this builder alone; nothing global is patched. */
function prepareTypes(builder: SchemaBuilder): void {
  const initBuild = builder.initBuild.bind(builder)
  builder.initBuild = (build) => {
    const ready = initBuild(build)
    createTypesAhead(builder, ready as GraphileBuild.Build)
    return ready
  }
}
