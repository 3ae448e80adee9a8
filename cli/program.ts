import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { addCheckCommand } from './commands/check.ts'
import { addDevCommand } from './commands/dev.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addDocumentsCommand } from './commands/documents.ts'
import { addEventsCommand } from './commands/events.ts'
import { addExportCommand } from './commands/export.ts'
import { addImportCommand } from './commands/import.ts'
import { addInspectCommand } from './commands/inspect.ts'
import { addMigrateCommand } from './commands/migrate.ts'
import { addNewCommand } from './commands/new.ts'
import { addPolicyCommand } from './commands/policy.ts'
import { addRefreshCommand } from './commands/refresh.ts'
import { addScriptsCommand } from './commands/scripts.ts'
import { addSeedCommand } from './commands/seed.ts'
import { addStartCommand } from './commands/start.ts'
import { addTokenCommand } from './commands/token.ts'
import { addWorkCommand } from './commands/work.ts'
import { packageRoot } from './package-root.ts'
import type { Session } from './session.ts'

const epilogue = `
Exit codes:
  0   done, or stopped in an orderly way
  1   the app or its data is at fault
  2   the command was called wrongly
  3   the environment is at fault: settings, ports, the database
  70  a mistake of Rowhouse's own
  130 stopped in a hurry by a second Ctrl-C`

/** The command line with all commands; what they learn and decide goes into the session. */
export function createProgram(session: Session): Command {
  const program = new Command('rowhouse')
    .description(
      'Entities and access policies in TypeScript become a Postgres with row-level security, served as GraphQL.',
    )
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help')
    .exitOverride()
    .addHelpText('after', epilogue)
    .configureOutput({
      writeOut: (text) => session.terminal.print(text.trimEnd()),
      writeErr: (text) => session.terminal.say(text.trimEnd()),
    })
  for (const add of [
    addDevCommand,
    addStartCommand,
    addWorkCommand,
    addCheckCommand,
    addDoctorCommand,
    addMigrateCommand,
    addTokenCommand,
    addNewCommand,
    addExportCommand,
    addImportCommand,
    addInspectCommand,
    addPolicyCommand,
    addDocumentsCommand,
    addScriptsCommand,
    addSeedCommand,
    addRefreshCommand,
    addEventsCommand,
  ]) {
    add(program, session)
  }
  for (const command of program.commands) command.option('--debug', 'print stacks with errors')
  return program
}

function version(): string {
  const manifest: { readonly version: string } = JSON.parse(readFileSync(`${packageRoot()}/package.json`, 'utf8'))
  return manifest.version
}
