import type pg from 'pg'

/** The role that each connection served last. */
const lastRole = new WeakMap<pg.PoolClient, string>()

/** What a pool of `pg` keeps besides its types: idle connections, the one to be taken next at the end. */
interface IdleConnections {
  readonly _idle: { readonly client: pg.PoolClient }[]
}

/**
 * A connection of the pool; where one is idle that last served the role, that one: Postgres plans a statement again when it comes
 * from another role, because policies are part of the plan.
 */
export async function takeAffine(pool: pg.Pool, role: string): Promise<pg.PoolClient> {
  const { _idle: idle } = pool as unknown as IdleConnections
  const at = idle.findLastIndex(({ client }) => lastRole.get(client) === role)
  if (at >= 0 && at < idle.length - 1) idle.push(...idle.splice(at, 1))
  const client = await pool.connect()
  lastRole.set(client, role)
  return client
}
