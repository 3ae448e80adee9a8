import { quoteIdentifier, RequestError } from '#base'
import { actionName } from '#migrations'
import type { Action } from '#schema'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { mayExpect } from './expectation.ts'
import { refusing } from './refusing.ts'
import { answerOf, expectAnswer, keyColumns, type RowTarget, tried, type WrittenEntity } from './write-row.ts'

/**
 * Locks a row for an action, where the caller may do it and the guard lets it pass.
 *
 * @throws RequestError NOT_FOUND, STALE, VALIDATION
 * @throws RefusedWrite
 */
export async function beginAction(
  client: RequestClient,
  of: WrittenEntity,
  action: Action,
  target: RowTarget,
): Promise<void> {
  const { entity } = of
  const ifUpdatedAt = mayExpect(entity, 'update') ? (target.ifUpdatedAt ?? null) : null
  const values = [...Object.values(keyColumns(of, target)), ...(ifUpdatedAt === null ? [] : [ifUpdatedAt])]
  const places = values.map((_, at) => `$${at + 1}`).join(', ')
  const text = `select rowhouse_private.${quoteIdentifier(actionName(entity, action.name))}(${places}) as answer`
  const change = tried(of, action.name)
  const answer = await refusing(change, () => answerOf(client, text, values))
  if (answer.startsWith('{')) throw guarded(action, (JSON.parse(answer) as { readonly when: readonly string[] }).when)
  expectAnswer('begun', answer, change)
}

function guarded({ name }: Action, fields: readonly string[]): RequestError {
  const told = fields.length === 0 ? '' : ` because of ${fields.map((field) => `"${field}"`).join(' and ')}`
  return new RequestError('VALIDATION', `"${name}" is not possible now${told}.`, { rule: name, fields })
}
