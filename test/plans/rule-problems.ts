import type { Client } from 'pg'
import { sql, toText } from '#base'
import type { Entity } from '#schema'
import type { TestActor, TestDatabase } from '../support/database.ts'
import { type PlanNode, planProblems } from './plan-problems.ts'

/** What a caller's rules make of the statements that requests send, by table and statement: all that is wrong with their plans. */
export async function ruleProblems(
  database: TestDatabase,
  entities: readonly Entity[],
  caller: TestActor,
): Promise<readonly string[]> {
  return database.asActor(caller, async (client) => {
    const found: string[] = []
    for (const entity of entities) {
      for (const [name, text, values] of await statements(client as Client, entity)) {
        const problems = planProblems(await planOf(client as Client, text, values))
        // Which row is written is known by its key: a formula over other rows is asked of that one.
        const isWrite = name === 'update' || name === 'delete'
        const wrong = problems.filter((problem) => !(isWrite && problem.startsWith('rowhouse_private.computed_')))
        found.push(...wrong.map((problem) => `${entity.name}, ${name}: ${problem}`))
      }
    }
    return found
  })
}

type Statement = readonly [name: string, text: string, values: readonly unknown[]]

/** Those for which the caller has the grants. */
async function statements(client: Client, entity: Entity): Promise<readonly Statement[]> {
  const table = toText(sql.identifier('app', entity.table))
  const key = entity.key.length === 1 ? 'id' : null
  const { rows } = await client.query(
    `select has_column_privilege($1, $2, 'select') as reads, has_table_privilege($1, 'delete') as deletes,
       (select quote_ident(attname) from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
        and has_column_privilege($1, attname, 'update') limit 1) as updates`,
    [table, key],
  )
  const { reads, deletes, updates } = rows[0] as { reads: boolean; deletes: boolean; updates: string | null }
  if (!reads || key === null) return []
  const one = (await client.query(`select id from ${table} limit 1`)).rows[0]?.id ?? null
  const writes: Statement[] = []
  if (updates !== null) writes.push(['update', `explain (format json) update ${table} set ${updates} = ${updates}`, []])
  if (deletes) writes.push(['delete', `explain (format json) delete from ${table}`, []])
  const read = `explain (analyze, timing off, format json) select`
  return [
    ['newest 20', `${read} id from ${table} order by id desc limit 20`, []],
    ['count', `${read} count(*) from ${table}`, []],
    ['by id', `${read} id from ${table} where id = $1`, [one]],
    ...writes,
  ]
}

async function planOf(client: Client, text: string, values: readonly unknown[]): Promise<PlanNode> {
  const { rows } = await client.query(text, [...values])
  return rows[0]['QUERY PLAN'][0].Plan
}
