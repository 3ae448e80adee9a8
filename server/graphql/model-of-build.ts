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

/** An entity with the resource that reads it. */
export interface EntityResource {
  readonly entity: Entity
  readonly resource: PgResource
}

/** The entities of a build with the resource that reads each of them, in the order of the model. Asked for at every type, so it is looked up once. */
export function entityResources(build: GraphileBuild.Build): readonly EntityResource[] {
  const known = resourceLists.get(build.input)
  if (known !== undefined) return known
  const resources = Object.values(build.input.pgRegistry.pgResources) as unknown as readonly PgResource[]
  const byName = new Map(resources.map((resource) => [resource.name, resource]))
  const made = build.input.rowhouseModel.entities.flatMap((entity) => {
    const resource = byName.get(entity.name)
    return resource === undefined ? [] : [{ entity, resource }]
  })
  resourceLists.set(build.input, made)
  return made
}

const resourceLists = new WeakMap<object, readonly EntityResource[]>()

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
