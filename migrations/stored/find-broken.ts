import { type Sql, sql } from '#base'
import { bareRow, indexModel, type ModelIndex, tableSql } from '#policies'
import { type Entity, type EntityRule, keyColumnsOf, rulesAtCommit, tenantColumnOf } from '#schema'
import { brokenSql } from '../catalog/stored/commit-rules.ts'
import { type Queryable, readRows } from '../read/read-rows.ts'
import { type DriftOptions, inTurn, tenantsOf } from './find-drift.ts'

/** Rows that break a rule which is looked at when a transaction commits. */
export interface BrokenRule {
  readonly entity: string
  readonly title: string
  readonly rows: number
  /** Of the first ten: the key, behind that of the tenant where the rows have one. */
  readonly keys: readonly string[]
}

/** A rule that is looked at when a transaction commits. */
export interface RuleOf {
  readonly entity: Entity
  readonly rule: EntityRule
}

interface Broken {
  readonly keys: readonly string[]
  readonly rows: string
}

const mostKeys = 10

/**
 * Holds every row of every tenant to the rules that look at other rows. Empty: all keep them, as far as stored formulas are right.
 *
 * @param client the migrator's, not in a transaction
 */
export async function findBroken(
  client: Queryable,
  options: Pick<DriftOptions, 'model' | 'names'>,
): Promise<readonly BrokenRule[]> {
  const index = indexModel(options.model)
  const rules = options.model.entities.flatMap((entity) =>
    rulesAtCommit(entity, index.entities).map((rule) => ({ entity, rule })),
  )
  if (rules.length === 0) return []
  const tenants = await tenantsOf(client, options)
  const found: BrokenRule[] = []
  for (const { entity, rule } of rules) {
    const each = { entity: entity.name, title: rule.title, rows: 0, keys: [] as string[] }
    for (const tenant of tenantColumnOf(entity) === null ? [''] : tenants) {
      const ask = () => readRows<Broken>(client, brokenRowsSql({ entity, rule }, index, mostKeys))
      const rows = await inTurn(client, options.names.private, tenant, ask)
      each.rows += Number(rows[0]?.rows ?? 0)
      each.keys.push(...rows.map(({ keys }) => (tenant === '' ? keys : [tenant, ...keys]).join(' ')))
    }
    if (each.rows > 0) found.push({ ...each, keys: each.keys.slice(0, mostKeys) })
  }
  return found
}

/** Rows that break a rule, by key: `keys`, an array of texts, and `rows`, how many there are in all. */
export function brokenRowsSql({ entity, rule }: RuleOf, index: ModelIndex, most: number): Sql {
  const keys = sql.join(
    keyColumnsOf(entity, index.entities).map(({ column }) => sql`${sql.identifier(column)}::text`),
    ', ',
  )
  const broken = brokenSql(entity, rule, index, bareRow)
  return sql`select array[${keys}] as keys, (count(*) over ())::text as rows
    from ${tableSql(entity)} where ${broken} order by 1 limit ${sql.literal(most)}`
}
