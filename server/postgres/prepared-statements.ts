import type pg from 'pg'

/** Named statements that one connection keeps; callers choose the text, so there must be an end. */
const maxPrepared = 200

const preparedOn = new WeakMap<pg.PoolClient, { readonly once: Set<string>; readonly kept: Set<string> }>()

/** True from the second use on, while there is room: a text that is sent once is not worth keeping. */
export function keepPrepared(client: pg.PoolClient, name: string): boolean {
  let known = preparedOn.get(client)
  if (known === undefined) {
    known = { once: new Set(), kept: new Set() }
    preparedOn.set(client, known)
  }
  if (known.kept.has(name)) return true
  if (!known.once.delete(name)) {
    if (known.once.size >= maxPrepared) known.once.clear()
    known.once.add(name)
    return false
  }
  if (known.kept.size >= maxPrepared) return false
  known.kept.add(name)
  return true
}
