import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { sql, toText } from '#base'
import { buildCatalog, makeAnew, type PlatformRoles, platformRoles } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { openEmbeddedPostgres } from '#server'

/** An empty database of the app, with every role as a role set of its own. */
export interface AppDatabase {
  readonly model: Model
  readonly names: PlatformRoles
  /** As superuser: row security does not hold for it. */
  readonly adminUrl: string
  close(): Promise<void>
}

const wholesale = join(import.meta.dirname, '../../test/fixtures/apps/wholesale')

/** Makes the database in an embedded Postgres as `rowhouse dev` has it. */
export async function openAppDatabase(
  roleSets: readonly (readonly string[])[],
  app: string = wholesale,
): Promise<AppDatabase> {
  const { model } = await loadModel(app)
  const data = mkdtempSync(join(tmpdir(), 'rowhouse-bench-policies-'))
  // As root, Postgres runs as another user.
  chmodSync(data, 0o755)
  const server = await openEmbeddedPostgres({ dataFolder: data })
  const url = new URL(server.adminUrl)
  const admin = new pg.Client({ connectionString: url.href })
  await admin.connect()
  await admin.query(toText(sql`create database ${sql.identifier(model.app)}`))
  await admin.end()
  url.pathname = `/${model.app}`
  const names = platformRoles(model.app)
  await makeAnew({ appFolder: app, migrateUrl: url.href, names, catalog: buildCatalog(model), roleSets })
  return {
    model,
    names,
    adminUrl: url.href,
    close: async () => {
      await server.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
