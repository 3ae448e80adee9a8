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
  /** Of them, those that were to be repaired and stay as they are: with the right value they break a rule, and nobody can say which side is wrong. */
  readonly held: number
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
    const sum = { rows: 0, held: 0 }
    for (const tenant of whose) {
      const { rows, held } = await compare(client, { entity, field, index, tenant, options })
      sum.rows += rows
      sum.held += held
    }
    if (sum.rows > 0) found.push({ entity: entity.name, field: field.name, ...sum })
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

async function compare(client: Queryable, turn: Turn): Promise<Pick<Drift, 'rows' | 'held'>> {
  let after: readonly unknown[] | null = null
  let [rows, held] = [0, 0]
  for (;;) {
    const from: readonly unknown[] | null = after
    const seen: Batch = await inTurn(client, turn.options.names.private, turn.tenant, () => batch(client, turn, from))
    rows += seen.different
    held += seen.held
    if (seen.last === null) return { rows, held }
    after = seen.last
  }
}

interface Batch {
  readonly different: number
  readonly held: number
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
  const stay = options.repair && different.length > 0 ? await repairAll(client, turn, different.map(keysOf)) : 0
  return { different: different.length, held: stay, last: found.length < size ? null : keysOf(found.at(-1)!) }
}

/** As code that sees every row of the tenant computes it. */
function definition({ entity, field, index }: Turn): Sql {
  return storedValueSql(field, { entity, index, row: namedRow('t0') })
}

/** Repairs what can be; how many rows cannot. */
async function repairAll(client: Queryable, turn: Turn, keys: readonly (readonly unknown[])[]): Promise<number> {
  if (await isRepaired(client, turn, keys)) return 0
  if (keys.length === 1) return 1
  const half = Math.ceil(keys.length / 2)
  return (await repairAll(client, turn, keys.slice(0, half))) + (await repairAll(client, turn, keys.slice(half)))
}

/** False, and nothing is written, where a rule would be broken: also one that is looked at when the transaction commits. */
async function isRepaired(client: Queryable, turn: Turn, keys: readonly (readonly unknown[])[]): Promise<boolean> {
  await client.query('savepoint repairing')
  try {
    await repair(client, turn, keys)
    await client.query('set constraints all immediate')
    await client.query('set constraints all deferred')
    await client.query('release savepoint repairing')
    return true
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== '23514') throw error
    await client.query('rollback to savepoint repairing')
    return false
  }
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
