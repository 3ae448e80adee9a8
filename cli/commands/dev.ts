import type { Command } from 'commander'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
Starts an embedded Postgres (made on the first start), brings it to what the model says, seeds it once, serves GraphQL
and GraphiQL, and prints addresses and a token for each of the "people" of rowhouse.config.ts. Ctrl-C answers running
requests first, then stops Postgres.

Additions to the model are applied to the database as they are. Anything more asks before it makes the embedded database
anew; without a terminal, or on a database of yours, it is refused.

While it runs it watches the app: what you edit is served a moment later, or you are told what is wrong with it while the
version before goes on. Nothing is made anew meanwhile; --recreate speaks of the start.

Environment:
  PORT, HOST            where to listen; default 4000 of 127.0.0.1, 0 for any free port
  ROWHOUSE_DATA         folder of the embedded database and the development key; default .rowhouse/data in the app
  DATABASE_URL          the server's login, together with
  ROWHOUSE_MIGRATE_URL  the migrator's: a Postgres of yours instead of the embedded one
  ROWHOUSE_PROVISION_URL  optional: a login that makes role sets while the server runs
  ROWHOUSE_POOL_SIZE    connections at most; default 10
`

/** `rowhouse dev`: an app under development, from nothing to a server that answers. */
export function addDevCommand(program: Command, session: Session): void {
  program
    .command('dev')
    .description('serve an app on an embedded Postgres, migrated and seeded')
    .argument('<folder>', 'folder of the app')
    .option(
      '--recreate',
      'make the embedded database anew, without asking, when the model changed in more than additions',
    )
    .addHelpText('after', notes + examples('rowhouse dev examples/invoicing', 'PORT=0 rowhouse dev examples/invoicing'))
    .action(async (folder: string, options: { readonly recreate?: true }) => {
      const { runDev } = await import('../dev/run-dev.ts')
      await runDev({ folder, recreate: options.recreate === true }, session)
    })
}
