import type { Command } from 'commander'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
Writes the rows of seed.ts in one transaction, past row security; "dev" does it on its first start. A database that has
the tenants of the seed is seeded: nothing is done then, unless told to do it again. That puts every row of the seed back
to what the seed says, also those that were changed or removed; rows that others made stay.

Environment:
  ROWHOUSE_MIGRATE_URL  the migrator. Without it, the embedded database
`

/** `rowhouse seed`: writes the rows of `seed.ts`. */
export function addSeedCommand(program: Command, session: Session): void {
  program
    .command('seed')
    .description('write the rows of seed.ts into a migrated database')
    .argument('<folder>', 'folder of the app')
    .option('--again', 'put the rows of the seed back to what it says')
    .addHelpText(
      'after',
      notes + examples('rowhouse seed examples/invoicing', 'rowhouse seed examples/invoicing --again'),
    )
    .action(async (folder: string, options: { readonly again?: true }) => {
      const { runSeedCommand } = await import('../database/run-seed-command.ts')
      await runSeedCommand(folder, options.again === true, session)
    })
}
