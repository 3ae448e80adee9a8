import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../../../../server/postgres/embedded/index.ts'

// A process of its own that opens the embedded Postgres, as a server does, so that tests can kill it. Options come as JSON.
try {
  const postgres = await openEmbeddedPostgres(JSON.parse(process.argv[2]!))
  const { stop: _stop, ...facts } = postgres
  process.on('SIGINT', () => void drain(postgres))
  // A server listens; this keeps the process alive in its place, also while it has no connection.
  setInterval(() => undefined, 60_000)
  say(facts)
} catch (error) {
  const { code, message } = error as { code?: string; message: string }
  say({ code, message })
  process.exitCode = 3
}

async function drain({ adminUrl, stop }: EmbeddedPostgres): Promise<never> {
  // Longer than Postgres would take to act on the same signal.
  await delay(300)
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  const { rows } = await client.query('select 1 as drained')
  await client.end()
  say(rows[0])
  await stop()
  say({ stopped: true })
  process.exit(0)
}

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
