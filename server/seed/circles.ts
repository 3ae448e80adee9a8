import type { ClientBase } from 'pg'
import { OperatorError, sql } from '#base'
import { type Entity, tenantColumnOf, toOnesOf } from '#schema'
import { runSql } from './send-rows.ts'

/**
 * Looks for rows of a tree that are below themselves: the triggers that would refuse them are off while a seed is written.
 *
 * @throws OperatorError SEED_INVALID with up to 20 of them
 */
export async function refuseCircles(client: ClientBase, entity: Entity): Promise<void> {
  const parent = toOnesOf(entity).find((each) => each.name === entity.tree)
  if (parent === undefined) return
  const [table, up] = [sql.identifier(entity.schema, entity.table), sql.identifier(parent.column)]
  const tenant = tenantColumnOf(entity)
  const same = tenant === null ? sql.empty : sql` and c.${sql.identifier(tenant)} = a.${sql.identifier(tenant)}`
  const columns = tenant === null ? sql`id` : sql`${sql.identifier(tenant)}, id`
  const below = tenant === null ? sql`c.id` : sql`c.${sql.identifier(tenant)}, c.id`
  // Whatever hangs on no root hangs on a circle, or is part of one.
  const { rows } = await runSql(
    client,
    sql`with recursive a as (
        select ${columns} from ${table} where ${up} is null
        union all
        select ${below} from a join ${table} c on c.${up} = a.id${same}
      )
      select id::text as id, ${up}::text as above from (
        select ${columns}, ${up} from ${table} c where not exists (select from a where a.id = c.id${same})
      ) r order by id limit 10000`,
  )
  const loose = rows as readonly { readonly id: string; readonly above: string }[]
  const above = new Map(loose.map((row) => [row.id, row.above]))
  if (loose.length === 0) return
  const found = loose.filter(({ id }) => isBelowItself(id, above))
  const shown = (found.length > 0 ? found : loose)
    .slice(0, 20)
    .map(({ id }) => `\n  - "${entity.name}" "${id}" is below itself.`)
  throw new OperatorError(
    'SEED_INVALID',
    `The seed does not fit the model:${shown.join('')}`,
    'Mend "seed.ts"; nothing was written.',
  )
}

function isBelowItself(id: string, above: ReadonlyMap<string, string>): boolean {
  const met = new Set<string>()
  for (let at = above.get(id); at !== undefined && !met.has(at); at = above.get(at)) {
    if (at === id) return true
    met.add(at)
  }
  return false
}
