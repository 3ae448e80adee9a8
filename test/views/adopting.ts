import { expect } from 'vitest'
import { OperatorError } from '#base'
import { buildCatalog, type Catalog, followModel, type MigrateOptions, migrationStatus, roleWords } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { useAppFolders } from '../migrations/run/app-folder.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { folder, legacy } from './outlets.ts'

const newFolder = useAppFolders()
export const { model } = await loadModel(folder)

export interface SetUp {
  readonly db: TestDatabase
  readonly options: MigrateOptions
  readonly of: (change: Model) => Catalog
}

export async function withDatabase(
  work: (setUp: SetUp) => Promise<void>,
  change = '',
  given: Model = model,
): Promise<void> {
  const db = await createTestDatabase({ prepared: false, migrator: 'plain' })
  const of = (changed: Model) => buildCatalog({ ...changed, app: db.name })
  const appFolder = await newFolder()
  try {
    await db.migrator.query(legacy)
    if (change !== '') await db.migrator.query(change)
    const options = {
      appFolder,
      migrateUrl: db.migratorUrl,
      names: db.names,
      catalog: of(given),
      roleSets: [['chief']],
      loginPassword: new URL(db.loginUrl).password,
    }
    await work({ db, options, of })
  } finally {
    await db.close()
  }
}

export const statusOf = ({ db, options }: SetUp) =>
  migrationStatus(db.migrator, { ...options, words: roleWords(db.names, options.catalog) })

/** Following the model is refused, in these words. */
export async function refusedWith(options: MigrateOptions, said: string): Promise<void> {
  const error = await followModel(options).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(OperatorError)
  expect(error).toMatchObject({ code: 'ADOPTION_REFUSED', message: expect.stringContaining(said) })
}
