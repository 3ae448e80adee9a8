import type { ClientBase } from 'pg'
import { OperatorError, sql, toStatement } from '#base'
import type { Catalog } from '../catalog/catalog.ts'
import { exclusionExtension } from '../catalog/exclusions.ts'
import { searchExtension } from '../catalog/search.ts'
import { createExtension, neededExtensions } from '../render/render-extensions.ts'

/**
 * Makes the extensions of Postgres that a catalog needs. The migrator may, where they are trusted and it owns the database.
 *
 * @param client the migrator's, not in a transaction
 * @throws EXTENSION_MISSING with the SQL for a superuser, or when the server does not have it at all
 */
export async function ensureExtensions(client: ClientBase, catalog: Catalog): Promise<void> {
  for (const name of neededExtensions(catalog.tables)) {
    const { text, values } = toStatement(sql`
      select exists (select from pg_extension where extname = ${sql.value(name)}) as made,
        exists (select from pg_available_extensions where name = ${sql.value(name)}) as available,
        current_database() as database`)
    const { rows } = await client.query<{ made: boolean; available: boolean; database: string }>(text, [...values])
    const { made, available, database } = rows[0]!
    if (made) continue
    if (!available) throw missing(name, `the server of "${database}" does not have it`, hintToInstall)
    await client.query(createExtension(name)).catch((error: Error) => {
      const hint = `As a superuser in "${database}": ${createExtension(name)}`
      throw missing(name, `the migrator may not make it in "${database}" (${error.message})`, hint, error)
    })
  }
}

const hintToInstall = 'Install the package of the additional modules of Postgres ("postgresql-contrib"), and run again.'

const uses: Readonly<Record<string, string>> = {
  [exclusionExtension]: 'keeps periods apart (noOverlap)',
  [searchExtension]: 'finds rows by words (search)',
  pg_trgm: 'finds parts of texts (using: trigram)',
}

function missing(name: string, reason: string, hint: string, cause?: Error): OperatorError {
  const message = `The app ${uses[name] ?? 'has indexes'}, for which Postgres needs the extension "${name}": ${reason}.`
  return new OperatorError('EXTENSION_MISSING', message, hint, cause === undefined ? {} : { cause })
}
