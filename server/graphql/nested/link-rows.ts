import { fitIdentifier, quoteIdentifier } from '#base'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { RefusedRows } from '../../refused-rows.ts'
import type { LinkSide } from '../links.ts'
import { notLinked, writeLinks } from '../mutations/write-links.ts'

/** A row and what it is linked to. */
export interface RowLinks {
  readonly id: string
  readonly others: readonly string[]
}

/**
 * Links rows to others, all or none, in one statement. Only where that fails they are linked one after the other, to tell which it was.
 *
 * @throws RefusedRows
 */
export async function linkRows(
  client: RequestClient,
  { roles }: { readonly roles: readonly string[] | null },
  side: LinkSide,
  given: readonly RowLinks[],
): Promise<void> {
  try {
    if (given.length > 1) return await client.withTransaction((each) => linkAtOnce(each, side, given))
  } catch {
    // Told below.
  }
  for (const [index, links] of given.entries())
    try {
      await writeLinks(client, side, 'link', { ...links, roles })
    } catch (error) {
      throw new RefusedRows([{ index, error }], side.relation.name)
    }
}

async function linkAtOnce(client: RequestClient, side: LinkSide, given: readonly RowLinks[]): Promise<void> {
  const name = quoteIdentifier(fitIdentifier(`add_${side.link.table}`))
  const calls = given.map((_, at) => `select rowhouse_private.${name}($${2 * at + 1}, $${2 * at + 2}) as answer`)
  const values = given.flatMap(({ id, others }) => [id, others])
  const { rows } = await client.query<{ answer: unknown }>({ text: calls.join(' union all '), values })
  const refused = rows.find(({ answer }) => answer !== 'done')
  if (refused !== undefined) throw notLinked(side, String(refused.answer))
}
