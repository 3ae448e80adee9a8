import { Bug, fitIdentifier, quoteIdentifier, RequestError } from '#base'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import type { LinkSide } from '../links.ts'
import { refusing } from './refusing.ts'

/**
 * Links a row to others, or takes such links away: all of them or none. What is so already stays as it is. The rules of the
 * caller decide in Postgres.
 *
 * @throws RequestError NOT_FOUND for a row, or one of the others, that is absent or hidden
 * @throws RefusedWrite
 */
export async function writeLinks(
  client: RequestClient,
  side: LinkSide,
  verb: 'link' | 'unlink',
  given: { readonly id: string; readonly others: readonly string[]; readonly roles: readonly string[] | null },
): Promise<void> {
  const name = fitIdentifier(`${verb === 'link' ? 'add' : 'drop'}_${side.link.table}`)
  const text = `select rowhouse_private.${quoteIdentifier(name)}($1, $2) as answer`
  const change = { entity: side.entity.name, verb: 'update', given: [side.relation.name], roles: given.roles }
  const { rows } = await refusing(change, () =>
    client.query<{ answer: unknown }>({ text, values: [given.id, given.others] }),
  )
  const answer = rows[0]?.answer
  if (answer !== 'done') throw notLinked(side, String(answer))
}

/** What an answer of a link function means that is no success. */
export function notLinked(side: LinkSide, answer: string): Error {
  if (answer === 'missing') return notFound(side.idName)
  if (answer === 'unreachable') return notFound(side.idsName)
  return new Bug(`A link function answered "${answer}".`)
}

function notFound(field: string): RequestError {
  return new RequestError('NOT_FOUND', `There is no such row for "${field}".`, { fields: [field] })
}
