import { type Command, InvalidArgumentError } from 'commander'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
Writes the rows of seed.ts in one transaction, past row security; "dev" does it on its first start. A database that has
the tenants of the seed is seeded: nothing is done then, unless told to do it again. That puts every row of the seed back
to what the seed says, also those that were changed or removed; rows that others made stay.

With --scale the function of seed.ts is told how much to make: defineSeed(({ scale }) => …). Of a function without a
parameter there are so many tenants alike: acme, acme-2, acme-3 … Rows are written while they are made; Ctrl-C and kill
leave nothing of them.

Environment:
  ROWHOUSE_MIGRATE_URL  the migrator. Without it, the embedded database
`

/** Greatest `--scale`. */
const mostScale = 10_000

/** `rowhouse seed`: writes the rows of `seed.ts`. */
export function addSeedCommand(program: Command, session: Session): void {
  program
    .command('seed')
    .description('write the rows of seed.ts into a migrated database')
    .argument('<folder>', 'folder of the app')
    .option('--again', 'put the rows of the seed back to what it says')
    .option('--scale <number>', `how much to make, 1 to ${mostScale}`, readScale, 1)
    .addHelpText(
      'after',
      notes +
        examples(
          'rowhouse seed examples/invoicing',
          'rowhouse seed examples/invoicing --again',
          'rowhouse seed examples/invoicing --scale 100',
        ),
    )
    .action(async (folder: string, options: { readonly again?: true; readonly scale: number }) => {
      const { runSeedCommand } = await import('../database/run-seed-command.ts')
      await runSeedCommand(folder, { again: options.again === true, scale: options.scale }, session)
    })
}

/** @throws InvalidArgumentError for anything but a whole number within the limits: a usage error */
function readScale(text: string): number {
  const scale = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (scale < 1 || scale > mostScale) throw new InvalidArgumentError(`It is a whole number from 1 to ${mostScale}.`)
  return scale
}
