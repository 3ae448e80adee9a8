import { quoteIdentifier } from '#base'
import { appActionName } from '#migrations'
import type { AppAction, EntityMap } from '#schema'
import type { CodeContext } from '../../bodies/run-body.ts'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { type ActionAnswer, actionInput, doAction } from './do-action.ts'

/** An action of the app, and what a caller gives to it. */
export interface AskedAppAction {
  readonly action: AppAction
  readonly entities: EntityMap
  readonly input: Readonly<Record<string, unknown>>
}

/**
 * Does what an action of the app runs, when Postgres has said that the caller may.
 *
 * @throws RequestError, and FORBIDDEN as Postgres says it
 */
export async function runAppAction(
  client: RequestClient,
  { action, entities, input }: AskedAppAction,
  context: CodeContext,
): Promise<ActionAnswer> {
  const waiting = { ...client, ahead: null }
  // Nobody learns what is wrong with an input of what is not theirs to do.
  await waiting.query({ text: `select rowhouse_private.${quoteIdentifier(appActionName(action.name))}()`, values: [] })
  const given = actionInput(action, input)
  return await doAction({ client: waiting, entities, action, context }, { given, key: {} }, null)
}
