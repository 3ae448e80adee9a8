import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '#base'
import type { Catalog } from '../catalog/catalog.ts'

/** Where the catalog that the committed migrations lead to is kept, relative to the app. */
export const snapshotFile = 'migrations/catalog.json'

/**
 * The catalog that an app's committed migrations lead to; null when it has none.
 *
 * @throws MIGRATION_TAMPERED when the file is no catalog
 */
export async function readCatalogSnapshot(appFolder: string): Promise<Catalog | null> {
  const text = await readFile(join(appFolder, snapshotFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  try {
    const catalog = JSON.parse(text)
    if (catalog.version === 1 && Array.isArray(catalog.tables)) return catalog
  } catch {
    // Told below, as what it is.
  }
  throw new OperatorError(
    'MIGRATION_TAMPERED',
    `"${snapshotFile}" is not the catalog that was written beside the migrations.`,
    'Bring back the file as it was committed.',
  )
}
