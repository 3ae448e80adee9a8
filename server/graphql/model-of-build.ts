import type { PgResource } from '@dataplan/pg'
import type { Entity, EntityMap, Model } from '#schema'
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

/** The column that identifies rows for others, which refer to keys of one column alone. */
export function keyColumnOf(resource: PgResource): string {
  const [column] = resource.uniques.find(({ isPrimary }) => isPrimary === true)?.attributes ?? []
  return String(column)
}

/** The entities of a build by name. */
export function entitiesOf(build: GraphileBuild.Build): EntityMap {
  const known = entityMaps.get(build.input.rowhouseModel)
  if (known !== undefined) return known
  const made = new Map(build.input.rowhouseModel.entities.map((entity) => [entity.name, entity]))
  entityMaps.set(build.input.rowhouseModel, made)
  return made
}

const entityMaps = new WeakMap<Model, EntityMap>()
