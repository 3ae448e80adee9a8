import { RequestError } from '#base'
import type { Action } from '#schema'
import type { CodeContext } from '../../bodies/run-body.ts'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { beginAction } from './begin-action.ts'
import { type ActionAnswer, actionInput, doAction } from './do-action.ts'
import type { RowKey, RowTarget, WrittenEntity } from './write-row.ts'

/** What a caller wants to be done. */
export interface AskedAction {
  readonly action: Action
  readonly target: RowTarget
  readonly key: RowKey
  readonly input: Readonly<Record<string, unknown>>
}

/**
 * Does what an action runs, with the row locked and the caller's right to it checked in Postgres before: code of the app, a script, or a job that is added
 * in the same transaction.
 *
 * @throws RequestError
 * @throws RefusedWrite
 */
export async function runAction(
  client: RequestClient,
  of: WrittenEntity,
  { action, target, key, input }: AskedAction,
  context: CodeContext,
): Promise<ActionAnswer> {
  const given = actionInput(action, input)
  const waiting = { ...client, ahead: null }
  await beginAction(waiting, of, action, target)
  const doing = { client: waiting, entities: of.entities, action, context }
  return await doAction(doing, { given, key }, async ({ db }) => {
    const row = await db.get(of.entity.name, key)
    if (row === null) throw new RequestError('NOT_FOUND', 'There is no such row.')
    return row
  })
}
