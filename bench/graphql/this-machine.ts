import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import pg from 'pg'
import type { ExampleDatabase } from './example-database.ts'
import { parentFolder } from './parent-folder.ts'
import type { Machine } from './performance-page.ts'

/** How busy it is: {@link Machine.busy}, to be asked before anything is measured. */
export function busyBefore(): number {
  return loadavg()[0]!
}

/** What the bench runs on. */
export async function thisMachine({ adminUrl }: ExampleDatabase, busy: number): Promise<Machine> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    const { rows } = await admin.query<{ readonly version: string }>(
      "select current_setting('server_version') as version",
    )
    return {
      date: new Date().toISOString().slice(0, 10),
      processor: cpus()[0]?.model.trim() ?? 'a processor of unknown kind',
      cores: availableParallelism(),
      memoryGiB: totalmem() / 2 ** 30,
      node: process.versions.node,
      postgres: rows[0]!.version.split(' ')[0]!,
      busy,
      isInMemory: parentFolder().isMemory,
    }
  } finally {
    await admin.end()
  }
}
