import type { Command } from 'commander'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
Runs a script again as a recorded run says it ran: with the time, the random numbers and all answers of then, and nothing else.
Nothing is read or written but the record: it is looked for by its id in the database of the app (ROWHOUSE_MIGRATE_URL; without
it, the embedded one), or read from a file that holds what "tenantScriptRuns { nodes { record } }" answered. The source is the one
that ran, of the app's folder or as the tenant published it. With --source another one runs: what would have come of it?
Prints what came of it. Ends with 1 when that is not what came of it then, and says where it differs.
`

/** `rowhouse scripts …`: what became of runs of scripts. */
export function addScriptsCommand(program: Command, session: Session): void {
  const scripts = program
    .command('scripts')
    .usage('<command> [words...]')
    .description('scripts: run one again as a recorded run says')
    .addHelpText('after', examples('rowhouse scripts replay shop run.json'))
    .helpCommand('help [command]', 'print help')
  scripts
    .command('replay')
    .description('run a script again as a recorded run says')
    .argument('<folder>', 'folder of the app')
    .argument('<run>', 'id of a recorded run, or a .json file that holds its record')
    .option('--source <file>', 'run this source instead of the one that ran')
    .addHelpText('after', notes + examples('rowhouse scripts replay shop run.json --source shop/scripts/price.ts'))
    .action(async (folder: string, run: string, { source = null }: { readonly source?: string | null }) => {
      const { runReplay } = await import('../scripts/run-replay.ts')
      await runReplay({ folder, run, source }, session)
    })
  for (const command of scripts.commands) command.option('--debug', 'print stacks with errors')
}
