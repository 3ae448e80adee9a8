import { didYouMean, OperatorError, type Sql, sql } from '#base'
import type { Model, Subscriber } from '#schema'
import type { Queryable } from '../read/read-rows.ts'
import { type EventTenants, forEachTenant } from './for-each-tenant.ts'

/** Which events to hand over once more, and to whom. */
export interface ReplayOptions extends EventTenants {
  readonly model: Model
  /** Those that were written down then or later. */
  readonly since: Date | null
  /** Those of one row. */
  readonly row: { readonly entity: string; readonly key: string } | null
  /** Name of one subscriber; null: all that listen. */
  readonly subscriber: string | null
}

/**
 * Hands events over to those who listen to them now, in the order of each row and behind what waits already. An event keeps its id, by which a
 * subscriber that has seen it knows it, and the rights of who caused it.
 *
 * @param client the migrator's, not in a transaction
 * @returns how many jobs were added
 * @throws EVENT_REPLAY_UNKNOWN when there is no such subscriber, entity or tenant
 */
export async function replayEvents(client: Queryable, options: ReplayOptions): Promise<number> {
  const listening = JSON.stringify(attemptsOf(wantedSubscribers(options)))
  const { row, since } = options
  if (row !== null && !options.model.entities.some(({ name }) => name === row.entity))
    throw unknown(
      `There is no entity "${row.entity}".`,
      row.entity,
      options.model.entities.map(({ name }) => name),
    )
  const tests: readonly Sql[] = [
    sql`${sql.value(listening)}::jsonb ? (e.entity || '.' || e.type)`,
    ...(since === null ? [] : [sql`e.at >= ${sql.value(since.toISOString())}::timestamptz`]),
    ...(row === null ? [] : [sql`e.entity = ${sql.value(row.entity)} and e.key = ${sql.value(row.key)}`]),
  ]
  const call = sql`rowhouse_queue.deliver(e, ${sql.value(listening)}::jsonb -> ((e).entity || '.' || (e).type))`
  const counts = await forEachTenant<{ readonly count: number }>(client, options, (isOfTenant) => {
    const wanted = sql.join([isOfTenant, ...tests], ' and ')
    const happened = sql`select e from rowhouse.event e where ${wanted} order by e.revision offset 0`
    return sql`select coalesce(sum(${call}), 0)::int as count from (${happened}) all_of_them`
  })
  return counts.reduce((sum, { count }) => sum + count, 0)
}

function wantedSubscribers({ model, subscriber }: ReplayOptions): readonly Subscriber[] {
  const all = model.subscribers ?? []
  if (subscriber === null) return all
  const wanted = all.filter(({ name }) => name === subscriber || name === `subscribers/${subscriber}`)
  if (wanted.length > 0) return wanted
  throw unknown(
    `There is no subscriber "${subscriber}".`,
    subscriber,
    all.map(({ name }) => name),
  )
}

/** `Order.created` → names of who listens, with how often each tries. */
function attemptsOf(subscribers: readonly Subscriber[]): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const found: Record<string, Record<string, number>> = {}
  for (const { name, on, attempts } of subscribers)
    for (const event of on) found[event] = { ...found[event], [name]: attempts }
  return found
}

function unknown(message: string, given: string, known: readonly string[]): OperatorError {
  const close = didYouMean(given, known)
  const all = known.length === 0 ? 'The app has none.' : `There are ${known.join(', ')}.`
  return new OperatorError('EVENT_REPLAY_UNKNOWN', message, close === null ? all : `Did you mean "${close}"? ${all}`)
}
