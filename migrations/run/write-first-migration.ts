import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson, OperatorError } from '#base'
import type { Catalog } from '../catalog/catalog.ts'
import { renderCatalog } from '../render/render-catalog.ts'
import { snapshotFile } from './catalog-snapshot.ts'
import { calculateHash, graphileMigrate, sluggify } from './graphile-migrate.ts'

/**
 * Writes the first committed migration of an app, in graphile-migrate's format, beside `migrations/catalog.json`, the
 * catalog that it leads to, from which later migrations are planned. Gives the file's path relative to the app.
 *
 * The header is computed with graphile-migrate's own functions: its `commit` would need a shadow database and drop it.
 *
 * @param name becomes the message and part of the file's name
 * @throws MIGRATIONS_EXIST when the app has a committed migration
 */
export async function writeFirstMigration(appFolder: string, catalog: Catalog, name: string): Promise<string> {
  const folder = join(appFolder, 'migrations')
  const committed = join(folder, 'committed')
  await mkdir(committed, { recursive: true })
  const present = (await readdir(committed)).filter((file) => file.endsWith('.sql'))
  if (present.length > 0) throw migrationsExist(present[0]!)
  const message = name.replaceAll(/\s+/g, ' ').trim()
  const slug = sluggify(message)
  const file = `000001${slug === '' ? '' : `-${slug}`}.sql`
  await replaceFile(join(appFolder, snapshotFile), canonicalJson(catalog))
  if (!existsSync(join(folder, 'current.sql'))) await replaceFile(join(folder, 'current.sql'), blank)
  await replaceFile(join(committed, file), migrationText(renderCatalog(catalog), message))
  return `migrations/committed/${file}`
}

const blank = '-- The next migration, while you write it. Applied by graphile-migrate, not by rowhouse.\n'

function migrationText(sqlText: string, message: string): string {
  const body = `${sqlText.trim()}\n`
  return graphileMigrate.serializeMigration(body, {
    Previous: '-',
    Hash: calculateHash(body, null),
    Message: message === '' ? undefined : message,
  })
}

// A reader sees the old file or the new one, never half of it.
async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}

function migrationsExist(file: string): OperatorError {
  return new OperatorError(
    'MIGRATIONS_EXIST',
    `The app has committed migrations already, such as "migrations/committed/${file}".`,
    'Only the first migration is written whole. While the app has no data to keep, delete "migrations/" and write it again.',
  )
}
