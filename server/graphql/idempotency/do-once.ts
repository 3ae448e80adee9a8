import { Bug, type Json, RequestError } from '#base'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import type { KeyedInput } from './request-key.ts'

/** What a change answers: keys of rows, and nothing that a rule could hide later. */
export type KeyAnswer = Readonly<Record<string, unknown>>

type Begun =
  | { readonly is: 'new' }
  | { readonly is: 'other' }
  | { readonly is: 'same'; readonly answer: KeyAnswer | null }

/**
 * Does a change once for each key of a caller; afterwards its answer comes without it. Whoever comes with the same key meanwhile waits. The answer is kept
 * together with the change, or neither is.
 *
 * @throws RequestError CONFLICT where the key came with other input
 */
export async function doOnce(
  client: RequestClient,
  { lastingMs, ...keyed }: KeyedInput & { readonly lastingMs: number },
  change: () => Promise<KeyAnswer>,
): Promise<KeyAnswer> {
  const { keyHash } = keyed
  const first = await begin(client, keyed, lastingMs)
  const begun =
    first?.is === 'other' && keyed.slowly !== undefined
      ? await begin(client, { keyHash, inputHashes: await keyed.slowly() }, lastingMs)
      : first
  switch (begun?.is) {
    case 'new': {
      const answer = await change()
      const keep = 'select rowhouse_private.keep_answer($1::bytea, $2::jsonb)'
      // Nobody waits for it: it travels with what is read of the change, or with the end.
      client.send({ text: keep, values: [keyHash, JSON.stringify(answer as Json)] })
      return answer
    }
    case 'same':
      // Of this very request, whose change failed.
      if (begun.answer === null)
        throw new RequestError('ROLLED_BACK', 'Not done, because another part of the same request failed.')
      return begun.answer
    case 'other':
      throw new RequestError('CONFLICT', 'This "idempotencyKey" was used for another change.', {
        fields: ['idempotencyKey'],
      })
    default:
      throw new Bug('Postgres does not say whether a change was done.')
  }
}

async function begin(
  client: RequestClient,
  { keyHash, inputHashes }: KeyedInput,
  lastingMs: number,
): Promise<Begun | undefined> {
  const text =
    "select rowhouse_private.begin_once($1::bytea, $2::bytea[], $3::double precision * interval '1 millisecond') as begun"
  const { rows } = await client.query<{ begun: Begun }>({ text, values: [keyHash, inputHashes, lastingMs] })
  return rows[0]?.begun
}
