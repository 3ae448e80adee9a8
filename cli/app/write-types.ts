import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { LoadedModel } from '#policies'
import { typesFile } from '#schema'

/** Writes `.rowhouse/types.d.ts` of an app unless it says the same already; whether it was written. */
export async function writeTypes({ folder, exports }: Pick<LoadedModel, 'folder' | 'exports'>): Promise<boolean> {
  const path = join(folder, '.rowhouse', 'types.d.ts')
  const text = currentTypes({ exports })
  if (text === null) return false
  if ((await readFile(path, 'utf8').catch(() => null)) === text) return false
  await mkdir(dirname(path), { recursive: true })
  // Renamed into place, so that no editor sees half of it.
  await writeFile(`${path}.${process.pid}.new`, text)
  await rename(`${path}.${process.pid}.new`, path)
  return true
}

/** What `.rowhouse/types.d.ts` of an app should hold; null for a model in JSON, which has no declarations to name. */
export function currentTypes({ exports: { entities, roles } }: Pick<LoadedModel, 'exports'>): string | null {
  if (entities.length === 0) return null
  return typesFile({
    entities: entities.map(({ entity, file, name }) => ({ name: entity, file, exported: name })),
    roles: roles === null ? null : { file: roles.file, exported: roles.name },
  })
}
