import type { Command } from 'commander'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
Computes the rows of reports with \`refresh: 'onDemand'\`, each report of each tenant in a transaction: who reads meanwhile
sees the old rows, then the new ones. Rows that are as before are not written. Where a select fails, or yields two
rows with one key, the old rows stay, the others are computed all the same, and the exit code is 1. Run it as often as
the rows should be fresh, by cron for example; a second run of the same report waits for the first.

Environment:
  ROWHOUSE_MIGRATE_URL  the migrator. Without it, the embedded database
`

/** `rowhouse refresh`: computes the rows of reports that keep them. */
export function addRefreshCommand(program: Command, session: Session): void {
  program
    .command('refresh')
    .description('compute the rows of reports that keep them')
    .argument('<folder>', 'folder of the app')
    .argument('[reports...]', 'names of reports; without one, all that keep their rows')
    .option('--tenant <slug>', 'slug or id of one tenant; without it, all of them')
    .addHelpText(
      'after',
      notes + examples('rowhouse refresh shop', 'rowhouse refresh shop SalesByStore SalesByMonth --tenant acme'),
    )
    .action(async (folder: string, reports: readonly string[], options: { readonly tenant?: string }) => {
      const { runRefresh } = await import('../database/run-refresh.ts')
      await runRefresh(folder, { reports, tenant: options.tenant ?? null }, session)
    })
}
