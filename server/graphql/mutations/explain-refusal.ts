import { quoteIdentifier, RequestError } from '#base'
import { becauseName } from '#migrations'
import type { Entity } from '#schema'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { refusal } from '../../refusal.ts'

/** A change that row security refuses without a word, where a rule has one. */
export interface SilentChange {
  readonly entity: Entity
  readonly verb: 'update' | 'delete'
  /** Values of the row's key, in its order. */
  readonly key: readonly unknown[]
}

/**
 * Does the change; where it is refused, asks Postgres for the reason that a rule gives to whom may read the row.
 *
 * @throws RequestError FORBIDDEN with that reason, and whatever the change itself throws
 */
export async function explainRefusal(
  client: RequestClient,
  change: SilentChange,
  run: (client: RequestClient) => Promise<void>,
): Promise<void> {
  try {
    // A savepoint: what Postgres itself refuses would leave nothing to ask with.
    await client.withTransaction(run)
  } catch (error) {
    const because = isRefusal(error) ? await reasonOf(client, change) : null
    throw because === null ? error : refusal(because, '')
  }
}

function isRefusal(error: unknown): boolean {
  if (error instanceof RequestError) return error.code === 'FORBIDDEN'
  return (error as { readonly code?: unknown } | null)?.code === '42501'
}

/** Null also for whom no rule lets read such rows: those may not even ask. */
async function reasonOf(client: RequestClient, { entity, verb, key }: SilentChange): Promise<string | null> {
  const places = [...key, verb].map((_, at) => `$${at + 1}`).join(', ')
  const text = `select rowhouse_private.${quoteIdentifier(becauseName(entity))}(${places}) as because`
  try {
    return await client.withTransaction(async (asking) => {
      const { rows } = await asking.query<{ because: string | null }>({ text, values: [...key, verb] })
      return rows[0]?.because ?? null
    })
  } catch (error) {
    if (isRefusal(error)) return null
    throw error
  }
}
