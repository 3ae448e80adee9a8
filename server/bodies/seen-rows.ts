import type { Row } from '#base'
import { keyOf } from '../graphql/key-fields.ts'
import { mayExpect } from '../graphql/mutations/expectation.ts'
import { type RowTarget, stale } from '../graphql/mutations/write-row.ts'
import { type HookedChange, readRows } from './lay-over.ts'

/**
 * Rows that go as hooks saw them: not everybody who may remove a row may lock it, so whoever changes one between its hooks and its removal is told from
 * `updatedAt`. What the hooks themselves have changed is no surprise.
 *
 * @throws RequestError STALE
 */
export async function seenRows(
  change: HookedChange,
  verb: 'remove' | 'delete',
  targets: readonly RowTarget[],
  rows: readonly (Row | null)[],
): Promise<readonly RowTarget[]> {
  const isAsked = change.of.entity.hooks?.some(({ moment }) => moment === 'beforeRemove') === true
  if (!isAsked || !mayExpect(change.of.entity, verb)) return targets
  const now = await readRows(
    change,
    targets.map((target) => keyOf(change.of.entity, change.of.entities, target)),
  )
  const seen: RowTarget[] = []
  for (const [at, target] of targets.entries()) {
    const updatedAt = now[at]?.updatedAt ?? null
    const isSame = updatedAt === (rows[at]?.updatedAt ?? null)
    if (!isSame && !(await isOfTransaction(change, updatedAt))) throw stale()
    // What the caller expects was expected before the hooks.
    const expected = isSame ? (target.ifUpdatedAt ?? updatedAt) : updatedAt
    seen.push(expected === null ? target : { ...target, ifUpdatedAt: expected })
  }
  return seen
}

async function isOfTransaction({ client }: HookedChange, updatedAt: unknown): Promise<boolean> {
  const text = 'select pg_catalog.now() = $1::timestamptz as is'
  const { rows } = await client.query<{ is: boolean | null }>({ text, values: [updatedAt] })
  return rows[0]?.is === true
}
