import type { ClientBase } from 'pg'
import { OperatorError, type Sql, sql, toStatement, toText } from '#base'
import { entityRuleName } from '#policies'
import { builtInField, type Entity, leadingKeyColumns, type Model } from '#schema'
import type { SeedData, SeedTenant } from './define-seed.ts'
import { derivedColumns } from './derived-columns.ts'
import { columnOf, planSeed, type SeedBatch } from './plan-seed.ts'

/** What {@link runSeed} did. */
export interface SeedOutcome {
  /** `present`: the tenants were there; `occupied`: others were, and that was not wanted. Nothing was changed then. */
  readonly kind: 'seeded' | 'present' | 'occupied'
  /** Rows written, tenants not counted. */
  readonly rows: number
}

/** How to seed. */
export interface SeedOptions {
  /** A connection that may `set role` to the owner. Not inside a transaction. */
  readonly client: ClientBase
  /** Role that owns the tables. */
  readonly owner: string
  /** Also when it was done before: rows of the seed become again what the seed says; other rows stay as they are. */
  readonly again: boolean
  /** Not where there is any tenant: the rows of somebody are no place for a seed that nobody asked for. Default: false. */
  readonly onlyEmpty?: boolean
}

/** Rows sent with one statement. */
const batchSize = 5000

/**
 * Writes the rows of a seed in one transaction, past row security and triggers: after a crash in the middle there is nothing of it.
 *
 * @throws OperatorError SEED_INVALID when the rows do not fit the model, or the database refuses them
 */
export async function runSeed(model: Model, data: SeedData, options: SeedOptions): Promise<SeedOutcome> {
  const batches = planSeed(model, data)
  const { client } = options
  await client.query('begin')
  try {
    await run(client, sql`set local role ${sql.identifier(options.owner)}`)
    // Two at once: the second one waits, and then finds the tenants.
    await client.query("select pg_advisory_xact_lock(hashtextextended('rowhouse.seed', 0))")
    const reason = await whyNot(data.tenants, options)
    if (reason !== null) {
      await client.query('rollback')
      return { kind: reason, rows: 0 }
    }
    await write(client, model, { data, batches })
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw refused(error, model)
  }
  await analyze(options, batches)
  return { kind: 'seeded', rows: batches.reduce((sum, batch) => sum + batch.rows.length, 0) }
}

async function whyNot(tenants: readonly SeedTenant[], options: SeedOptions): Promise<'present' | 'occupied' | null> {
  const { client, again, onlyEmpty = false } = options
  if (!again && (await hasTenants(client, tenants))) return 'present'
  const isOccupied = onlyEmpty && (await client.query('select 1 from rowhouse.tenant limit 1')).rows.length > 0
  return isOccupied ? 'occupied' : null
}

/** Whether any tenant of the seed is there: it was seeded then, for all is written at once. */
async function hasTenants(client: ClientBase, tenants: readonly SeedTenant[]): Promise<boolean> {
  const ids = tenants.map((tenant) => tenant.id)
  const found = await run(client, sql`select 1 from rowhouse.tenant where id = any (${sql.value(ids)}::uuid[]) limit 1`)
  return found.rows.length > 0
}

interface Written {
  readonly data: SeedData
  readonly batches: readonly SeedBatch[]
}

async function write(client: ClientBase, model: Model, { data, batches }: Written): Promise<void> {
  const tables = [...new Set(batches.map((batch) => batch.entity))]
  // Row triggers judge callers, and there is none: no guard, no link check, no touched timestamps.
  for (const table of tables) await alter(client, table, sql`no force row level security, disable trigger user`)
  // Places of ordered parts are looked at when all rows have theirs.
  await client.query('set constraints all deferred')
  for (const tenant of data.tenants) await writeTenant(client, tenant)
  for (const batch of batches) {
    for (let start = 0; start < batch.rows.length; start += batchSize) {
      await run(client, insertion(model, { ...batch, rows: batch.rows.slice(start, start + batchSize) }))
    }
  }
  await client.query('set constraints all immediate')
  for (const entity of tables) await countOn(client, entity)
  for (const table of tables) await alter(client, table, sql`force row level security, enable trigger user`)
}

async function alter(client: ClientBase, entity: Entity, what: Sql): Promise<void> {
  await client.query(toText(sql`alter table ${tableOf(entity)} ${what}`))
}

function tableOf(entity: Entity): Sql {
  return sql.identifier(entity.schema, entity.table)
}

/** Numbers that the seed gave are not given again. */
async function countOn(client: ClientBase, entity: Entity): Promise<void> {
  const id = builtInField(entity, 'id')
  if (id?.default?.kind !== 'identity') return
  const table = toText(tableOf(entity))
  await run(
    client,
    sql`select setval(s.name, greatest(m.highest, 1), m.highest is not null)
      from (select pg_get_serial_sequence(${sql.value(table)}, ${sql.value(id.column)}) as name) s,
        (select max(${sql.identifier(id.column)}) as highest from ${tableOf(entity)}) m
      where s.name is not null`,
  )
}

async function writeTenant(client: ClientBase, { id, slug, name }: SeedTenant): Promise<void> {
  await run(
    client,
    sql`insert into rowhouse.tenant (id, slug, name) values (${sql.value(id)}, ${sql.value(slug)}, ${sql.value(name)})
      on conflict (id) do update set slug = excluded.slug, name = excluded.name`,
  )
}

/** One insert of many rows; a row that is there becomes what the seed says. */
function insertion(model: Model, batch: SeedBatch): Sql {
  const { entity, columns, rows } = batch
  const table = tableOf(entity)
  const derived = new Map(derivedColumns(model, batch).map(({ column, value }) => [column, value]))
  const all = [...new Set([...columns, ...derived.keys()])]
  const own = entity.key.flatMap((name) => columnOf(entity, name) ?? [])
  const key = [...leadingKeyColumns(entity), ...own]
  const removed = builtInField(entity, 'deletedAt')
  const given = new Set(columns)
  const changes = [
    ...all.filter((column) => !key.includes(column)).map((column) => assign(column, sql`excluded.`)),
    // What somebody removed comes back.
    ...(removed === null || given.has(removed.column) ? [] : [sql`${named(removed.column)} = null`]),
  ]
  const values = all.map((column) => derived.get(column) ?? sql`r.${named(column)}`)
  const inserted = sql`insert into ${table} (${sql.join(all.map(named), ', ')})
    select ${sql.join(values, ', ')} from jsonb_populate_recordset(null::${table}, ${sql.value(JSON.stringify(rows))}::jsonb) r`
  // A pair that was linked by hand meanwhile is linked under another id; a row that is nothing but its key stays as it is.
  if (entity.link !== null || changes.length === 0) return sql`${inserted} on conflict do nothing`
  return sql`${inserted}
    on conflict (${sql.join(key.map(named), ', ')}) do update set ${sql.join(changes, ', ')}`
}

function named(column: string): Sql {
  return sql.identifier(column)
}

function assign(column: string, from: Sql): Sql {
  return sql`${named(column)} = ${from}${named(column)}`
}

/** The planner should know the rows from the first request on. */
async function analyze({ client, owner }: SeedOptions, batches: readonly SeedBatch[]): Promise<void> {
  const tables = [...new Set(batches.map((batch) => batch.entity))]
  if (tables.length === 0) return
  await client.query('begin')
  await run(client, sql`set local role ${sql.identifier(owner)}`)
  const list = sql.join(tables.map(tableOf), ', ')
  await run(client, sql`analyze ${list}`)
  await client.query('commit')
}

async function run(client: ClientBase, query: Sql): Promise<{ readonly rows: readonly unknown[] }> {
  const { text, values } = toStatement(query)
  return client.query(text, [...values])
}

/** The rule of an entity, as `Order: promised no earlier than wanted`, that a check belongs to. */
function titleOf(constraint: string, model: Model): string | null {
  for (const entity of model.entities) {
    const rule = entity.rules.find((each) => entityRuleName(entity, each) === constraint)
    if (rule !== undefined) return `${entity.name}: ${rule.title}`
  }
  return null
}

/** Errors of class 22 and 23 are about the rows; others are not the seed's fault. */
function refused(error: unknown, model: Model): unknown {
  if (!(error instanceof Error) || !('code' in error) || !/^2[23]/.test(String(error.code))) return error
  const title = 'constraint' in error ? titleOf(String(error.constraint), model) : null
  if (title !== null)
    return new OperatorError(
      'SEED_INVALID',
      `A row of the seed breaks a rule: ${title}.`,
      'Mend "seed.ts"; nothing was written.',
      {
        cause: error,
      },
    )
  const detail = 'detail' in error && typeof error.detail === 'string' ? ` ${error.detail}` : ''
  return new OperatorError(
    'SEED_INVALID',
    `The database refuses a row of the seed: ${error.message}.${detail}`,
    'Mend "seed.ts"; nothing was written.',
    { cause: error },
  )
}
