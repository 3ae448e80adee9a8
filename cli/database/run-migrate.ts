import { buildCatalog, type Catalog, migrate, readPlace, roleSetsAhead, writeFirstMigration } from '#migrations'
import type { LoadedModel } from '#policies'
import { readSettings } from '#server'
import { loadApp } from '../app/load-app.ts'
import { unindexedPaths } from '../app/unindexed-paths.ts'
import { sayWarnings } from '../output/warnings.ts'
import type { Session } from '../session.ts'
import type { Database } from './database.ts'
import { openDatabase } from './open-database.ts'
import { fillReports } from './run-refresh.ts'
import { withClient } from './with-client.ts'

/** `rowhouse migrate <folder>`. */
export async function runMigrate(folder: string, session: Session): Promise<void> {
  const app = await loadApp(folder, session)
  sayWarnings(app, session)
  const settings = await readSettings({ folder: app.folder, purpose: 'migrate', environment: session.environment })
  const database = await openDatabase(app.model.app, settings, true)
  try {
    const result = await migrate({ ...migrationOf(app, buildCatalog(app.model), database), ...waiting(session) })
    await warnOfPaths(app, database, session)
    await fillReports(app, database, session)
    const done = [...result.system, ...result.applied]
    for (const name of done) session.terminal.say(`Applied ${name}.`)
    session.terminal.print(done.length === 0 ? 'The database is up to date.' : 'The database is up to date now.')
  } finally {
    await database.close()
  }
}

/** What adopted tables lack, their database alone knows. */
async function warnOfPaths(app: LoadedModel, { migrateUrl }: Database, session: Session): Promise<void> {
  if (!app.model.entities.some(({ source }) => source.kind === 'adopted')) return
  const unindexed = await withClient(migrateUrl, (client) => unindexedPaths(app, client))
  sayWarnings({ folder: app.folder, warnings: unindexed.map(({ problem }) => problem) }, session)
}

/** `rowhouse migrate <folder> --write-first`. */
export async function writeFirst(folder: string, name: string, session: Session): Promise<void> {
  const app = await loadApp(folder, session)
  const file = await writeFirstMigration(app.folder, buildCatalog(app.model), name)
  session.terminal.print(file)
}

/** What to migrate a database of an app to. */
export function migrationOf(
  { folder, model }: Pick<LoadedModel, 'folder' | 'model'>,
  catalog: Catalog,
  database: Database,
) {
  const { migrateUrl, provisionUrl, names } = database
  return {
    migrateUrl,
    names,
    catalog,
    appFolder: folder,
    roleSets: roleSetsAhead(model.roles.map((role) => role.name)),
    provisioner: provisionUrl === null ? null : readPlace(provisionUrl).user,
  }
}

/** Says so when another run is at work. */
export function waiting(session: Session): { readonly onWait: () => void } {
  return { onWait: () => session.terminal.say('Another run migrates this database: waiting for it.') }
}
