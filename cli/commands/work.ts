import type { Command } from 'commander'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
Runs the files of "workers/" and "subscribers/" for the jobs that transactions of the server added, in a process of its
own; as many processes as you like, on any machines. "start" runs them too, in a thread, unless it is told --no-workers.
SIGTERM or Ctrl-C lets running jobs finish for a while and gives the others back. A process that is killed loses its jobs
to the others within 30 seconds.

Environment: as of "start"; ROWHOUSE_POOL_SIZE says how many jobs run at once, default 10.
`

/** `rowhouse work`: what runs jobs, by itself. */
export function addWorkCommand(program: Command, session: Session): void {
  program
    .command('work')
    .description('run the jobs of an app, on a database that was migrated before')
    .argument('<folder>', 'folder of the app')
    .addHelpText('after', notes + examples('rowhouse work shop'))
    .action(async (folder: string) => {
      const { runWork } = await import('../jobs/run-work.ts')
      await runWork(folder, session)
    })
}
