import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { OperatorError } from '#base'
import { type MigrateOptions, migrate, migrationStatus, roleWords, writeFirstMigration } from '#migrations'
import { calculateHash, graphileMigrate } from '../../../migrations/run/graphile-migrate.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { sampleCatalog } from '../sample-catalog.ts'
import { useAppFolders } from './app-folder.ts'

const newFolder = useAppFolders()

async function setUp(): Promise<{
  readonly db: TestDatabase
  readonly options: MigrateOptions
  readonly file: string
}> {
  const db = await createTestDatabase({ prepared: false, migrator: 'plain' })
  const appFolder = await newFolder()
  const file = join(appFolder, await writeFirstMigration(appFolder, sampleCatalog, 'Initial: orders & customers'))
  const options = {
    appFolder,
    migrateUrl: db.migratorUrl,
    names: db.names,
    catalog: sampleCatalog,
    roleSets: [['sales']],
    loginPassword: new URL(db.loginUrl).password,
  }
  return { db, options, file }
}

async function addMigration(appFolder: string, number: number, body: string): Promise<string> {
  const all = await readFile(join(appFolder, 'migrations/committed', '000001-initial-orders-customers.sql'), 'utf8')
  const previous = /^--! Hash: (.+)$/m.exec(all)![1]!
  const name = `migrations/committed/00000${number}.sql`
  const text = graphileMigrate.serializeMigration(body, { Previous: previous, Hash: calculateHash(body, previous) })
  await writeFile(join(appFolder, name), text)
  return name
}

async function tables(db: TestDatabase): Promise<readonly string[]> {
  const { rows } = await db.migrator.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = to_regnamespace('app') and relkind = 'r' order by 1`,
  )
  return rows.map((row) => row.name)
}

async function failure(work: Promise<unknown>): Promise<OperatorError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(OperatorError)
  return error as OperatorError
}

test('migrates an empty database, and does nothing the second time', async () => {
  const { db, options } = await setUp()
  try {
    expect(await migrate(options)).toMatchObject({ applied: ['000001-initial-orders-customers.sql'] })
    expect(await tables(db)).toEqual(['customer', 'order'])
    expect(await migrate(options)).toEqual({ system: [], applied: [] })
  } finally {
    await db.close()
  }
})

test('an app takes its migrations along under another name', async () => {
  const { db, options } = await setUp()
  try {
    const renamed = { ...options, catalog: { ...sampleCatalog, app: 'renamed' } }
    expect(await migrate(renamed)).toMatchObject({ applied: ['000001-initial-orders-customers.sql'] })
    const words = roleWords(db.names, renamed.catalog)
    expect((await migrationStatus(db.migrator, { ...renamed, words })).state).toBe('current')
  } finally {
    await db.close()
  }
})

test("graphile-migrate's own command finds everything applied, and applies the file as well as ours does", async () => {
  const { db, options, file } = await setUp()
  const other = await createTestDatabase({ migrator: 'plain', roles: ['sales', 'manager'] })
  const graphile = createRequire(import.meta.url)('graphile-migrate')
  const logger = new graphile.Logger(() => () => {})
  const settingsFor = (database: TestDatabase) => ({
    connectionString: database.migratorUrl,
    rootConnectionString: 'none',
    migrationsFolder: join(options.appFolder, 'migrations'),
    placeholders: roleWords(database.names, sampleCatalog).placeholders,
    logger,
  })
  try {
    await migrate(options)
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('numeric(12,2)', 'numeric(13,2)'))
    await expect(graphile.migrate(settingsFor(other))).rejects.toThrow('has the file been tampered with?')
    await writeFile(file, text)
    for (const database of [db, other]) {
      await graphile.migrate(settingsFor(database))
      const { rows } = await database.migrator.query('select filename from graphile_migrate.migrations')
      expect(rows).toEqual([{ filename: '000001.sql' }])
      expect(await tables(database)).toEqual(['customer', 'order'])
    }
    // Its pool lingers for 200 ms.
    createRequire(import.meta.url)('graphile-migrate/dist/pgReal.js').clearAllPools()
  } finally {
    await db.close()
    await other.close()
  }
})

test('two runs at once: one waits for the other', async () => {
  const { db, options } = await setUp()
  try {
    let waited = 0
    const onWait = () => waited++
    const runs = await Promise.all([1, 2, 3].map(() => migrate({ ...options, onWait })))
    expect(runs.flatMap((run) => run.applied)).toEqual(['000001-initial-orders-customers.sql'])
    expect(waited).toBe(2)
  } finally {
    await db.close()
  }
})

test('MIGRATION_BUSY: does not wait for ever', async () => {
  const { db, options } = await setUp()
  try {
    await db.migrator.query('select pg_advisory_lock(4727445306447283)')
    expect((await failure(migrate({ ...options, lockTimeoutMs: 0 }))).code).toBe('MIGRATION_BUSY')
  } finally {
    await db.migrator.query('select pg_advisory_unlock_all()')
    await db.close()
  }
})

test('MIGRATION_FAILED: points into the file, and leaves nothing of it', async () => {
  const { db, options } = await setUp()
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'set local role ":OWNER";\ncreate table app.x (a int);\ncomment on table "app"."x" is \':OWNER\'; select nothing;\n',
      '000002.sql:6:48  column "nothing" does not exist (SQLSTATE 42703)',
      '; select nothing;\n    |                                                ^',
    ],
    [
      'set local role ":OWNER";\ncreate table app.x (a int);\n-- it\'s; a comment\ndo $x$ begin perform 1; end $x$;\ninsert into app.x\n  values (1/(select 0));\nselect 1;\n',
      '000002.sql:8:1  division by zero (SQLSTATE 22012)',
      '> 8 | insert into app.x\n',
    ],
    ['create table app."order" (a int);\n', '000002.sql:4:1', 'already exists'],
  ]
  try {
    await migrate(options)
    for (const [body, where, frame] of cases) {
      await addMigration(options.appFolder, 2, body)
      const error = await failure(migrate(options))
      expect(error.code).toBe('MIGRATION_FAILED')
      expect(error.message).toContain(`migrations/committed/${where.split('  ')[0]}`)
      expect(error.message).toContain(where)
      expect(error.message).toContain(frame)
      expect(await tables(db)).toEqual(['customer', 'order'])
      const { rows } = await db.migrator.query('select count(*)::int as n from graphile_migrate.migrations')
      expect(rows).toEqual([{ n: 1 }])
    }
  } finally {
    await db.close()
  }
})

test('a connection that breaks in the middle is an error like others, and the next run goes on', async () => {
  const { db, options } = await setUp()
  try {
    await migrate(options)
    const file = await addMigration(options.appFolder, 2, 'select 1;\nselect pg_terminate_backend(pg_backend_pid());\n')
    const error = await failure(migrate(options))
    expect(error.code).toBe('MIGRATION_FAILED')
    expect(error.message).toContain(`${file}:5:1`)
    await addMigration(options.appFolder, 2, 'select 1;\n')
    expect((await migrate(options)).applied).toEqual(['000002.sql'])
  } finally {
    await db.close()
  }
})

test('looking at an app without migrations makes no folder', async () => {
  const { db, options } = await setUp()
  const appFolder = await newFolder()
  const words = roleWords(db.names, sampleCatalog)
  try {
    await migrate(options)
    expect((await migrationStatus(db.migrator, { appFolder, catalog: sampleCatalog, words })).state).toBe('drifted')
    expect(await readdir(appFolder)).toEqual([])
  } finally {
    await db.close()
  }
})

test('MIGRATION_TAMPERED: an edited file is refused before and after it was applied', async () => {
  const { db, options, file } = await setUp()
  const words = roleWords(db.names, sampleCatalog)
  try {
    const original = await readFile(file, 'utf8')
    await writeFile(file, original.replace('numeric(12,2)', 'numeric(13,2)'))
    expect((await failure(migrate(options))).code).toBe('MIGRATION_TAMPERED')
    expect(await tables(db)).toEqual([])
    await writeFile(file, original)
    await migrate(options)
    expect((await migrationStatus(db.migrator, { ...options, words })).state).toBe('current')
    await writeFile(file, original.replace('numeric(12,2)', 'numeric(13,2)'))
    expect((await failure(migrate(options))).code).toBe('MIGRATION_TAMPERED')
    // A consistent header does not help: the database remembers what it applied.
    const body = original.slice(original.indexOf('\n\n') + 2).replace('numeric(12,2)', 'numeric(13,2)')
    await writeFile(file, graphileMigrate.serializeMigration(body, { Previous: '-', Hash: calculateHash(body, null) }))
    expect((await failure(migrate(options))).code).toBe('MIGRATION_TAMPERED')
    const status = await migrationStatus(db.migrator, { ...options, words })
    expect(status.state).toBe('drifted')
    expect(status.reasons[0]).toContain('is not what the database has applied as "000001.sql"')
  } finally {
    await db.close()
  }
})

test('MIGRATIONS_EXIST: the first migration is written once', async () => {
  const folder = await newFolder()
  await writeFirstMigration(folder, sampleCatalog, 'initial')
  expect((await failure(writeFirstMigration(folder, sampleCatalog, 'again'))).code).toBe('MIGRATIONS_EXIST')
  expect(JSON.parse(await readFile(join(folder, 'migrations/catalog.json'), 'utf8'))).toEqual(sampleCatalog)
})

test('two writes of the first migration give identical bytes', async () => {
  const [one, two] = [await newFolder(), await newFolder()]
  const files = [await writeFirstMigration(one, sampleCatalog, 'x'), await writeFirstMigration(two, sampleCatalog, 'x')]
  expect(files[0]).toBe('migrations/committed/000001-x.sql')
  expect(await readFile(join(one, files[0]!), 'utf8')).toBe(await readFile(join(two, files[1]!), 'utf8'))
})

test('a name of a migration cannot break its header', async () => {
  const folder = await newFolder()
  const file = await writeFirstMigration(folder, sampleCatalog, 'a\n--! AllowInvalidHash\n../../evil')
  expect(file).toBe('migrations/committed/000001-a-allowinvalidhash-evil.sql')
  const text = await readFile(join(folder, file), 'utf8')
  expect(text.split('\n').slice(2, 4)).toEqual(['--! Message: a --! AllowInvalidHash ../../evil', ''])
})

test('DATABASE_DRIFTED and the status tell what was changed by hand; the login sees it too', async () => {
  const { db, options } = await setUp()
  const words = roleWords(db.names, sampleCatalog)
  const login = async () => {
    const client = await db.connect(db.loginUrl)
    try {
      return await migrationStatus(client, { ...options, words })
    } finally {
      await client.end()
    }
  }
  try {
    expect((await migrationStatus(db.migrator, { ...options, words })).state).toBe('unmigrated')
    await migrate(options)
    expect(await login()).toEqual({ state: 'current', reasons: [], differences: [], repairs: [] })
    await db.migrator.query('drop policy tenant on app.customer')
    expect((await login()).reasons).toEqual(['policy app.customer tenant: missing'])
    const error = await failure(migrate(options))
    expect(error.code).toBe('DATABASE_DRIFTED')
    expect(error.message).toContain('policy app.customer tenant: missing')
    // Running again did not make the change right.
    expect((await login()).state).toBe('drifted')
  } finally {
    await db.close()
  }
})

test('a model that changed without a migration is unmigrated, and so is a file that was not applied', async () => {
  const { db, options } = await setUp()
  const words = roleWords(db.names, sampleCatalog)
  try {
    await migrate(options)
    const changed = { ...sampleCatalog, tables: sampleCatalog.tables.slice(0, 1) }
    const status = await migrationStatus(db.migrator, { ...options, words, catalog: changed })
    expect(status).toMatchObject({
      state: 'unmigrated',
      reasons: ['The model has changed since the database was migrated: table app.order: removed with its rows.'],
    })
    const error = await failure(migrate({ ...options, catalog: changed }))
    expect(error.code).toBe('DATABASE_UNMIGRATED')
    expect(error.message).toBe(
      'The model says what no committed migration does: table app.order: removed with its rows.',
    )
    await addMigration(options.appFolder, 2, 'select 1;\n')
    expect((await migrationStatus(db.migrator, { ...options, words })).reasons).toEqual([
      '"migrations/committed/000002.sql" has not been applied.',
    ])
  } finally {
    await db.close()
  }
})

test('no error holds the password', async () => {
  const { db, options } = await setUp()
  const secret = 'hunter2-hunter2'
  const urls = [
    `postgres://nobody_here:${secret}@127.0.0.1:1/x`,
    `postgres//:${secret}@`,
    options.migrateUrl.replace(/:[^:@]+@/, `:${secret}@`).replace(/\/[^/]*$/, '/no_such_database'),
  ]
  try {
    for (const migrateUrl of urls) {
      const error = await failure(migrate({ ...options, migrateUrl }))
      const { inspect } = await import('node:util')
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret)
    }
  } finally {
    await db.close()
  }
})
