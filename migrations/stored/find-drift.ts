import { type Sql, sql, toText } from '#base'
import { indexModel, type ModelIndex, namedRow, tableSql } from '#policies'
import { type Computed, type Entity, keyColumnsOf, type Model, storedColumn, tenantColumnOf } from '#schema'
import { storedInOrder, storedValueSql } from '../catalog/stored/stored-value.ts'
import { type Queryable, readRows } from '../read/read-rows.ts'
import type { PlatformRoles } from '../roles/platform-roles.ts'

/** What to compare. */
export interface DriftOptions {
  readonly model: Model
  readonly names: PlatformRoles
  /** Write what the formulas give. */
  readonly repair: boolean
  /** Rows that are looked at in one transaction. Default: 5,000. */
  readonly batch?: number
}

/** Rows whose stored value is not what its formula gives. */
export interface Drift {
  readonly entity: string
  readonly field: string
  readonly rows: number
}

/**
 * Computes every stored value of every tenant anew and compares, a batch of rows in each transaction; formulas that others follow from come
 * first. Empty: all are right.
 *
 * @param client the migrator's, not in a transaction
 */
export async function findDrift(client: Queryable, options: DriftOptions): Promise<readonly Drift[]> {
  const index = indexModel(options.model)
  const tenants = await tenantsOf(client, options)
  const found: Drift[] = []
  for (const { entity, field } of storedInOrder(index)) {
    const whose = tenantColumnOf(entity) === null ? [''] : tenants
    let rows = 0
    for (const tenant of whose) rows += await compare(client, { entity, field, index, tenant, options })
    if (rows > 0) found.push({ entity: entity.name, field: field.name, rows })
  }
  return found
}

/** One formula of one tenant. */
interface Turn {
  readonly entity: Entity
  readonly field: Computed
  readonly index: ModelIndex
  readonly tenant: string
  readonly options: DriftOptions
}

/** Ids of all tenants, in order. */
export async function tenantsOf(client: Queryable, { names }: Pick<DriftOptions, 'names'>): Promise<readonly string[]> {
  const rows = await inTurn(client, names.owner, '', () =>
    readRows<{ readonly id: string }>(client, sql`select id::text as id from rowhouse.tenant order by id`),
  )
  return rows.map(({ id }) => id)
}

async function compare(client: Queryable, turn: Turn): Promise<number> {
  let [after, rows] = [null as readonly unknown[] | null, 0]
  for (;;) {
    const seen = await inTurn(client, turn.options.names.private, turn.tenant, () => batch(client, turn, after))
    rows += seen.different
    if (seen.last === null) return rows
    after = seen.last
  }
}

interface Batch {
  readonly different: number
  /** Key of the last row; null: there are no more. */
  readonly last: readonly unknown[] | null
}

async function batch(client: Queryable, turn: Turn, after: readonly unknown[] | null): Promise<Batch> {
  const { entity, index, options } = turn
  const size = options.batch ?? 5_000
  const keys = keyColumnsOf(entity, index.entities).map(({ column }) => sql`t0.${sql.identifier(column)}`)
  const key = sql.join(keys, ', ')
  const behind =
    after === null
      ? sql`true`
      : sql`(${key}) > (${sql.join(
          after.map((each) => sql.value(each)),
          ', ',
        )})`
  const [value, held] = [definition(turn), sql`t0.${sql.identifier(storedColumn(turn.field))}`]
  // Held, so that nobody changes meanwhile what they follow from.
  const lock = options.repair ? sql` for no key update` : sql.empty
  const texts = keys.map((each, at) => sql`${each}::text as ${sql.identifier(`k${at}`)}`)
  const from = sql`from ${tableSql(entity)} t0 where ${behind} order by ${key} limit ${sql.literal(size)}${lock}`
  const found = await readRows<Readonly<Record<string, unknown>>>(
    client,
    sql`select ${sql.join(texts, ', ')}, ${held} is distinct from (${value}) as is_different ${from}`,
  )
  const keysOf = (row: Readonly<Record<string, unknown>>) => keys.map((_, at) => row[`k${at}`])
  const different = found.filter((row) => row.is_different === true)
  if (options.repair && different.length > 0) await repair(client, turn, different.map(keysOf))
  return { different: different.length, last: found.length < size ? null : keysOf(found.at(-1)!) }
}

/** As code that sees every row of the tenant computes it. */
function definition({ entity, field, index }: Turn): Sql {
  return storedValueSql(field, { entity, index, row: namedRow('t0') })
}

async function repair(client: Queryable, turn: Turn, keys: readonly (readonly unknown[])[]): Promise<void> {
  const columns = keyColumnsOf(turn.entity, turn.index.entities).map(({ column }) => sql.identifier(column))
  const tuples = keys.map(
    (each) =>
      sql`(${sql.join(
        each.map((value) => sql.value(value)),
        ', ',
      )})`,
  )
  const isOne = sql`(${sql.join(
    columns.map((each) => sql`t0.${each}`),
    ', ',
  )}) in (${sql.join(tuples, ', ')})`
  const column = sql.identifier(storedColumn(turn.field))
  await readRows(
    client,
    sql`update ${tableSql(turn.entity)} t0 set ${column} = ${definition(turn)} where ${isOne} returning 1 as done`,
  )
}

/** In a transaction as a role, with the rows of one tenant. */
export async function inTurn<T>(client: Queryable, role: string, tenant: string, task: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    await client.query(toText(sql`set local role ${sql.identifier(role)}`))
    await readRows(client, sql`select set_config('rowhouse.tenant_id', ${sql.value(tenant)}, true)`)
    const result = await task()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}
