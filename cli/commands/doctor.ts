import { type Command, Option } from 'commander'
import type { DoctorOptions } from '../doctor/run-doctor.ts'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
Looks at Node, folders, ports, settings, the app, and the database that DATABASE_URL and ROWHOUSE_MIGRATE_URL name, or the
embedded one while it runs. Makes and changes nothing. Without a folder it takes the current one, app or not. Ends with 0
when nothing is wrong, 3 when something around the app is, 1 when the app or its database is.
`

/** `rowhouse doctor`: what a database or environment lacks, with the SQL to mend it. */
export function addDoctorCommand(program: Command, session: Session): void {
  program
    .command('doctor')
    .description('say what the environment or the database lacks, and how to mend it')
    .argument('[folder]', 'folder of the app')
    .addOption(new Option('--json', 'print a document for programs').conflicts('sql'))
    .addOption(new Option('--sql', 'print the SQL of all fixes alone, to be reviewed and run'))
    .addHelpText(
      'after',
      notes +
        examples(
          'rowhouse doctor shop',
          'ROWHOUSE_MIGRATE_URL=postgres://migrator@db.example/shop rowhouse doctor shop --sql > mend.sql',
        ),
    )
    .action(async (folder: string | undefined, options: DoctorOptions) => {
      const { runDoctor } = await import('../doctor/run-doctor.ts')
      await runDoctor(folder, options, session)
    })
}
