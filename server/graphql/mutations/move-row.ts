import { quoteIdentifier, RequestError } from '#base'
import { moveName } from '#migrations'
import { toOnesOf } from '#schema'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { refusing } from './refusing.ts'
import { answerOf, expectAnswer, tried, type WrittenEntity } from './write-row.ts'

/** Where a row goes among its siblings: exactly one is given. */
export interface MoveTarget {
  /** Id of the sibling that shall follow it. */
  readonly before?: string | null
  /** Id of the sibling that shall precede it. */
  readonly after?: string | null
  /** Its place among them, from 1; past the end is last. */
  readonly to?: number | null
}

/**
 * Gives a row another place among its siblings.
 *
 * @throws RequestError VALIDATION, NOT_FOUND
 * @throws RefusedWrite
 */
export async function moveRow(
  client: RequestClient,
  of: Pick<WrittenEntity, 'entity' | 'roles'>,
  id: string,
  target: MoveTarget,
): Promise<void> {
  const { entity } = of
  const { before = null, after = null, to = null } = target
  if ([before, after, to].filter((each) => each !== null).length !== 1)
    throw new RequestError('VALIDATION', 'Say one of "before", "after" and "to".', {
      fields: ['before', 'after', 'to'],
    })
  if (to !== null && to < 1) throw new RequestError('VALIDATION', '"to" counts from 1.', { fields: ['to'] })
  const text = `select rowhouse_private.${quoteIdentifier(moveName(entity))}($1::uuid, $2::uuid, $3::uuid, $4::integer) as answer`
  const wholes = toOnesOf(entity).filter(({ position }) => position !== null)
  const change = { ...tried(of, 'update'), given: wholes.slice(0, 1).map(({ name }) => name) }
  expectAnswer('moved', await refusing(change, () => answerOf(client, text, [id, before, after, to])), change)
}
