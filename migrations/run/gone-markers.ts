import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { heldByMarker, isMarkerPlaceholder } from '#policies'
import type { Catalog, CatalogRole, RoleName } from '../catalog/catalog.ts'
import { markerComment } from '../roles/marker-roles.ts'

/**
 * Marker roles that committed migrations name and the catalog does not: those of rules that are gone. A database that is made later
 * needs them on its way to what the model says now.
 */
export async function goneMarkers(
  appFolder: string,
  { roles }: Pick<Catalog, 'roles'>,
): Promise<readonly CatalogRole[]> {
  const folder = join(appFolder, 'migrations/committed')
  if (!existsSync(folder)) return []
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql'))
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  const named = new Set(
    texts.flatMap((text) => [...text.matchAll(/["'](:[A-Z][A-Z0-9_]*)["']/g)].map(([, name]) => name!)),
  )
  const known = new Set<string>(roles.map(({ name }) => name))
  return [...named]
    .filter(isMarkerPlaceholder)
    .filter((name) => !known.has(name))
    .sort()
    .map((name) => ({ name: name as RoleName, memberOf: [], comment: markerComment(heldByMarker(name as RoleName)) }))
}
