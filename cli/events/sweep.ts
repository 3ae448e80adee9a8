import type { Command } from 'commander'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'
import { readInstant } from './replay.ts'

const notes = `
Deleted events cannot be handed over once more. Jobs that wait have their event with them. Run it by cron.

Environment:
  ROWHOUSE_MIGRATE_URL  the migrator. Without it, the embedded database
`

/** `rowhouse events sweep`: deletes old events. */
export function addEventsSweep(events: Command, session: Session): void {
  events
    .command('sweep')
    .description('delete old events')
    .argument('<folder>', 'folder of the app')
    .requiredOption('--before <instant>', 'those written down before: 2026-01-31T08:00:00Z, or 2026-01-31', readInstant)
    .option('--tenant <slug>', 'slug or id of one tenant; without it, all of them')
    .addHelpText('after', notes + examples('rowhouse events sweep shop --before 2026-01-31'))
    .action(async (folder: string, options: { readonly before: Date; readonly tenant?: string }) => {
      const { runSweep } = await import('./run-events.ts')
      await runSweep(folder, { before: options.before, tenant: options.tenant ?? null }, session)
    })
}
