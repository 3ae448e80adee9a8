import type { PgResource } from '@dataplan/pg'
import type { Entity, Model } from '#schema'
import 'postgraphile'

declare global {
  namespace GraphileBuild {
    interface BuildInput {
      /** The model that the schema is built from. */
      readonly rowhouseModel: Model
    }
  }
}

/** The entities of a build with the resource that reads each of them, in the order of the model. */
export function entityResources(build: GraphileBuild.Build): readonly { entity: Entity; resource: PgResource }[] {
  const resources = Object.values(build.input.pgRegistry.pgResources) as unknown as readonly PgResource[]
  return build.input.rowhouseModel.entities.flatMap((entity) => {
    const resource = resources.find((candidate) => candidate.name === entity.name)
    return resource === undefined ? [] : [{ entity, resource }]
  })
}
