import { quoteIdentifier } from '#base'
import { becauseName } from '#migrations'
import type { Entity } from '#schema'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { type Denial, RefusedWrite } from '../../refused-write.ts'

/** A change that row security refuses without a word, where a rule denies some. */
export interface SilentChange {
  readonly entity: Entity
  readonly verb: 'update' | 'delete'
  /** Values of the row's key, in its order. */
  readonly key: readonly unknown[]
}

/**
 * Does the change; where it is refused, asks Postgres for the rule that denies it, which it tells to whom may read the row.
 *
 * @throws RefusedWrite with that rule, and whatever the change itself throws
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
    if (!(error instanceof RefusedWrite)) throw error
    throw new RefusedWrite(error.change, await denialOf(client, change), error.cause)
  }
}

/** Null also for whom no rule lets read such rows: those may not even ask. */
async function denialOf(client: RequestClient, { entity, verb, key }: SilentChange): Promise<Denial | null> {
  const places = [...key, verb].map((_, at) => `$${at + 1}`).join(', ')
  const text = `select rowhouse_private.${quoteIdentifier(becauseName(entity))}(${places}) as denial`
  try {
    return await client.withTransaction(async (asking) => {
      const { rows } = await asking.query<{ denial: string | null }>({ text, values: [...key, verb] })
      const denial = rows[0]?.denial ?? null
      return denial === null ? null : (JSON.parse(denial) as Denial)
    })
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code === '42501') return null
    throw error
  }
}
