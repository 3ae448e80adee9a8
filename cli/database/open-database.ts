import { Bug } from '#base'
import { platformRoles, readPlace } from '#migrations'
import type { Settings } from '#server'
import type { Database } from './database.ts'
import { openEmbeddedDatabase } from './open-embedded-database.ts'

/**
 * The database that the settings name, for the migrator.
 *
 * @param app name of the app
 * @param mayShare whether to work on the embedded one while another process has it open
 * @throws OperatorError as `openEmbeddedPostgres` and `readPlace` say
 */
export async function openDatabase(app: string, settings: Settings, mayShare: boolean): Promise<Database> {
  const { database } = settings
  if (database.kind === 'embedded') return openEmbeddedDatabase({ app, settings, mayShare })
  if (database.migrateUrl === null) throw new Bug('The settings lack the address of the migrator.')
  return {
    kind: 'external',
    names: database.url === null ? platformRoles(app) : platformRoles(app, readPlace(database.url).user),
    migrateUrl: database.migrateUrl,
    url: database.url,
    provisionUrl: database.provisionUrl,
    state: 'external',
    movedTo: null,
    recreate: null,
    close: async () => {},
  }
}
