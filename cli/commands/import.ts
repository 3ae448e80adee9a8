import type { Command } from 'commander'
import { examples } from '../examples.ts'
import type { ImportFlags } from '../import/import-database-command.ts'
import type { Session } from '../session.ts'

const notes = `
Writes one file for each entity and policy into the folder, which must be new or empty. A model in JSON, as "export"
prints it, comes back as TypeScript that gives the same model. Of a database, every table with a primary key becomes an
entity that adopts it. IMPORT.md and the terminal list what could not be said, and why. The database is only read: its
catalogs, in a read-only transaction, by any login that may connect.
`

/** `rowhouse import`: entity files from what exists. */
export function addImportCommand(program: Command, session: Session): void {
  program
    .command('import')
    .description('write the TypeScript of an app from an existing database, or from a model in JSON')
    .argument('<source>', 'postgres://login:password@host:port/database, or a file model.json')
    .argument('<folder>', 'folder of the new app')
    .option('--schema <name>', 'only tables of this schema; may be said again', (name: string, all?: string[]) => [
      ...(all ?? []),
      name,
    ])
    .option('--tenant-column <name>', 'column that says whose a row is, in each table that has it')
    .addHelpText(
      'after',
      notes +
        examples(
          'rowhouse import postgres://reader@db.example/shop shop',
          'rowhouse import postgres://reader@db.example/crm crm --schema sales --tenant-column company_id',
          'rowhouse import model.json shop',
        ),
    )
    .action(async (source: string, folder: string, flags: Omit<ImportFlags, 'version'>) => {
      // Whatever looks like an address is none of a file, or its password would be part of a message.
      if (/^[a-z0-9+.-]+:\/\/|^postgres(ql)?:/i.test(source)) {
        const { importDatabaseTo } = await import('../import/import-database-command.ts')
        await importDatabaseTo(source, folder, { ...flags, version: program.version() ?? '' }, session)
        return
      }
      const { importModel } = await import('../import/import-model.ts')
      await importModel(source, folder, session)
    })
}
