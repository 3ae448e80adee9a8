import type { Command } from 'commander'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
Serves a database that "migrate" prepared. Refuses one that is unmigrated or was changed by hand, a table without a
policy, and a login or roles that could get around row security. Believes only tokens of the issuer that is set up, never
those that "dev" and "token" print. Writes one JSON object a line; SIGTERM or Ctrl-C answers running requests first.

Environment:
  DATABASE_URL          the server's login, which may only become roles of requests
  ROWHOUSE_JWKS_URL     where the issuer of tokens publishes its keys
  ROWHOUSE_JWT_ISSUER   its name, the claim "iss"
  ROWHOUSE_JWT_AUDIENCE what tokens are for, the claim "aud"
  ROWHOUSE_PROVISION_URL  optional: a login that makes role sets not met before
  ROWHOUSE_GRAPHIQL     optional: 1 serves GraphiQL at /
  ROWHOUSE_POOL_SIZE    connections at most; default 10
  ROWHOUSE_DATABASE_POOLING  transaction behind PgBouncer in transaction mode
                        and its like; default session
  ROWHOUSE_SECRETS_KEY  encrypts secrets: 32 random bytes in base64; further
                        keys behind commas still decrypt
  ROWHOUSE_TRUSTED_PROXIES  networks of proxies that are believed about
                        addresses of clients; default none
  PORT, HOST            where to listen; default 4000 of every address
`

/** `rowhouse start`: an app in production. */
export function addStartCommand(program: Command, session: Session): void {
  program
    .command('start')
    .description('serve an app in production, on a database that was migrated before')
    .argument('<folder>', 'folder of the app')
    .option('--no-workers', 'run no jobs: "rowhouse work" does elsewhere')
    .addHelpText('after', notes + examples('rowhouse start shop'))
    .action(async (folder: string, { workers }: { readonly workers: boolean }) => {
      const { keepNurserySmall } = await import('../serve/nursery.ts')
      // Before anything large is loaded.
      keepNurserySmall()
      const { runStart } = await import('../serve/run-start.ts')
      await runStart(folder, session, { workers })
    })
}
