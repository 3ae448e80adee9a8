import { fitIdentifier } from '#base'
import { entityOf, heldType, idColumnOf, type ModelIndex } from '#policies'
import { type Entity, objectName } from '#schema'
import type { StoredPath } from './stored-paths.ts'

/** Declarations of what a walk finds, one for each entity on its ways. */
export function variables(paths: readonly StoredPath[], index: ModelIndex): readonly string[] {
  const types = paths.flatMap(({ hops }) => hops.flatMap(({ from, to }) => [from, to]))
  const names = [...new Set(types)].sort()
  return names.flatMap((name) => {
    const entity = entityOf(index, name)
    return [`${variable(entity)} ${keyType(entity, index)}[];`]
  })
}

/** Holds keys of rows of the entity. */
export function variable(entity: Entity): string {
  return fitIdentifier(`of_${objectName(entity)}`)
}

function keyType(entity: Entity, index: ModelIndex): string {
  return heldType(idColumnOf(entity, index)).replace(/\(.*?\)/, '')
}
