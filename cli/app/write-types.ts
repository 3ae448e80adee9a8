import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { LoadedModel } from '#policies'
import { typesFile } from '#schema'

/** Writes `.rowhouse/types.d.ts` of an app unless it says the same already; whether it was written. */
export async function writeTypes({ folder, exports }: Pick<LoadedModel, 'folder' | 'exports'>): Promise<boolean> {
  const path = join(folder, '.rowhouse', 'types.d.ts')
  const { entities, roles } = exports
  // A model in JSON has no declarations to name.
  if (entities.length === 0) return false
  const text = typesFile({
    entities: entities.map(({ entity, file, name }) => ({ name: entity, file, exported: name })),
    roles: roles === null ? null : { file: roles.file, exported: roles.name },
  })
  if ((await readFile(path, 'utf8').catch(() => null)) === text) return false
  await mkdir(dirname(path), { recursive: true })
  // Renamed into place, so that no editor sees half of it.
  await writeFile(`${path}.${process.pid}.new`, text)
  await rename(`${path}.${process.pid}.new`, path)
  return true
}
