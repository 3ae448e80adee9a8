import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientBase } from 'pg'
import { OperatorError } from '#base'
import { migrationLockKey } from './graphile-migrate.ts'

/** How to wait for another run. */
export interface LockOptions {
  /** How long to wait for another run; 600,000 when left out. */
  readonly lockTimeoutMs?: number
  /** Told once, when another run is at work. */
  readonly onWait?: () => void
}

const pollMs = 50

/**
 * Runs work while no other run migrates the same database. Postgres gives the lock back when the connection ends, so
 * a killed run leaves nothing behind.
 *
 * Asks again and again instead of waiting inside Postgres: a statement that waits there holds a snapshot, for which
 * `create index concurrently` in the other run would wait in turn.
 *
 * @throws MIGRATION_BUSY when the other run does not end in time
 */
export async function withMigrationLock<T>(
  client: ClientBase,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const endsAt = performance.now() + (options.lockTimeoutMs ?? 600_000)
  for (let tries = 0; !(await tryLock(client)); tries++) {
    if (tries === 0) options.onWait?.()
    if (performance.now() >= endsAt) throw busy()
    await sleep(pollMs)
  }
  try {
    return await work()
  } finally {
    // When the connection is gone, so is the lock.
    await client.query('select pg_advisory_unlock($1)', [migrationLockKey]).catch(() => {})
  }
}

async function tryLock(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
    migrationLockKey,
  ])
  return rows[0]?.locked === true
}

function busy(): OperatorError {
  return new OperatorError(
    'MIGRATION_BUSY',
    'Another run has been migrating this database all the time.',
    'Wait for it, or end its connection: it is the one that holds an advisory lock in pg_locks.',
  )
}
