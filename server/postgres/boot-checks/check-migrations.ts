import type { Client } from 'pg'
import { migrationStatus, type StatusOptions } from '#migrations'
import type { BootProblem } from './boot-problem.ts'

/** What keeps the database from being the one that model and migrations describe. */
export async function checkMigrations(client: Client, options: StatusOptions): Promise<readonly BootProblem[]> {
  const status = await migrationStatus(client, options)
  return status.reasons.map((reason, index) => ({
    code: status.state === 'drifted' ? ('DATABASE_DRIFTED' as const) : ('DATABASE_UNMIGRATED' as const),
    object: 'database',
    message: reason,
    fix: status.repairs[index] ?? [],
    hint:
      status.state === 'drifted'
        ? 'Undo the change that was made by hand, or write a migration that makes it.'
        : 'Run `rowhouse migrate` with the address of the migrator.',
  }))
}
