import { type CatalogObject, type Explanation, nameOfObject, platformRoles, resolveRole } from '#migrations'
import type { LoadedModel } from '#policies'
import type { ModelPath } from '#schema'

/** Where parts of a model were written, for people: `schema/order.entity.ts:12:5`; of a model in JSON the part itself. */
export function placesOf(paths: readonly ModelPath[], { locate }: Pick<LoadedModel, 'locate'>): readonly string[] {
  const places = paths
    .filter((path) => path.length > 0)
    .map((path) => {
      const span = locate(path, 'key')
      return span === null ? path.join('.') : `${span.file}:${span.line}:${span.column}`
    })
  return [...new Set(places)]
}

/** What is said of an object in front of its SQL: why it is there, and where that was asked for. */
export function reasonLines(
  object: CatalogObject,
  explain: (object: CatalogObject) => Explanation,
  app: Pick<LoadedModel, 'locate'>,
): readonly string[] {
  const { sentences, paths } = explain(object)
  const places = placesOf(paths, app)
  return [...sentences, ...(places.length === 0 ? [] : [`  asked for by ${fewOf(places)}`])]
}

/** A screen does not hold them all. */
function fewOf(places: readonly string[]): string {
  const most = 4
  if (places.length <= most) return places.join(', ')
  return `${places.slice(0, most - 1).join(', ')} and ${places.length - most + 1} more`
}

/** What an object is called, with roles as they are called in Postgres. */
export function postgresName(object: CatalogObject, app: string): string {
  const names = platformRoles(app)
  if (object.kind === 'role') return resolveRole(names, object.role.name)
  if (object.kind !== 'grant') return nameOfObject(object)
  return `${object.table.name}.${object.grant.privilege}.${resolveRole(names, object.grant.to)}`
}
