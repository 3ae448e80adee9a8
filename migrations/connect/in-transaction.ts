import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'

/** Runs the task in a transaction of its own. */
export async function inTransaction<T>(client: pg.ClientBase, task: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    const result = await task()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

/**
 * Runs the task in a transaction, again when it collided with another session that changes roles at the same moment. Roles are shared by all
 * databases of a cluster and advisory locks are not, so a lock alone does not keep two migrators apart.
 */
export async function inRoleTransaction<T>(client: pg.ClientBase, task: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(client, task)
    } catch (error) {
      if (attempt === maxAttempts || !isCollision(error)) throw error
      await delay(Math.random() * 20 * attempt)
    }
  }
}

const maxAttempts = 20
// unique_violation, duplicate_object, serialization_failure, deadlock_detected
const collisions = new Set(['23505', '42710', '40001', '40P01'])

function isCollision(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  if (code !== undefined && collisions.has(code)) return true
  return code === 'XX000' && /^tuple (concurrently|already)/.test(message ?? '')
}
