import type { Command } from 'commander'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
Makes the roles of the app and its role sets, brings the platform's own SQL up to date, and applies the migrations in
migrations/committed that the database lacks, each in a transaction. Running it again does no harm.

Environment:
  ROWHOUSE_MIGRATE_URL  the migrator: a login with CREATEROLE that owns the database. Without it, the embedded database
  DATABASE_URL          the server's login; only its name is used here
  ROWHOUSE_PROVISION_URL  a login that makes role sets while the server runs; only its name is used here
`

/** `rowhouse migrate`: brings a database to what the committed migrations say, or writes the first of them. */
export function addMigrateCommand(program: Command, session: Session): void {
  program
    .command('migrate')
    .description('apply committed migrations, make roles and role sets')
    .argument('<folder>', 'folder of the app')
    .option('--write-first [name]', 'write the first migration from the model instead; needs no database')
    .addHelpText(
      'after',
      notes +
        examples(
          'ROWHOUSE_MIGRATE_URL=postgres://migrator@db.example/shop rowhouse migrate shop',
          'rowhouse migrate shop --write-first "Initial schema"',
        ),
    )
    .action(async (folder: string, options: { readonly writeFirst?: string | true }) => {
      const { runMigrate, writeFirst } = await import('../database/run-migrate.ts')
      const { writeFirst: name } = options
      if (name === undefined) await runMigrate(folder, session)
      else await writeFirst(folder, name === true ? 'Initial schema' : name, session)
    })
}
