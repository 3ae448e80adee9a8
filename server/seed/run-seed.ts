import type { ClientBase } from 'pg'
import { sql } from '#base'
import type { Entity, Model } from '#schema'
import type { SecretKeys } from '../secrets/secret-keys.ts'
import { analyze } from './analyze.ts'
import { Carrier } from './carrier.ts'
import type { SeedStream, SeedTenantStream } from './define-seed.ts'
import { planSeed, type SeedStep } from './plan-seed.ts'
import { namedRefusal } from './refused-row.ts'
import { SeedProblems } from './seed-problems.ts'
import { SeedSecrets } from './seed-secrets.ts'
import { SeedWriter } from './seed-writer.ts'
import { runSql } from './send-rows.ts'

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
  /** Told of the rows read so far, now and then. What it throws ends the run; nothing was written then. */
  readonly onProgress?: (rows: number) => void
  /** By which secrets are encrypted; without, a seed with some to encrypt is refused. */
  readonly secretKeys?: SecretKeys | null
  /** Number of rows from which on foreign keys of tables that were empty are looked at in one go, at the end. Default: 5,000. */
  readonly largeFrom?: number
  /** Number of values of one tenant that are remembered, so that rows with carried columns are written at once. Default: 400,000. */
  readonly mostCarried?: number
}

/** Rows between two reports. */
const reportAfter = 10_000

/**
 * Writes the rows of a seed in one transaction, past row security and triggers: after a crash in the middle there is nothing of it.
 * Rows are read and written in turn, so that their number is not limited by memory.
 *
 * @throws OperatorError SEED_INVALID when the rows do not fit the model, or the database refuses them
 */
export async function runSeed(model: Model, seed: SeedStream, options: SeedOptions): Promise<SeedOutcome> {
  const { client } = options
  const problems = new SeedProblems()
  const steps = planSeed(model, seed, problems)
  await client.query('begin')
  try {
    await runSql(client, sql`set local role ${sql.identifier(options.owner)}`)
    // Two at once: the second one waits, and then finds the tenants.
    await client.query("select pg_advisory_xact_lock(hashtextextended('rowhouse.seed', 0))")
    const { reason, writer } = await write(model, { steps, problems }, options)
    if (!problems.isEmpty) throw problems.error()
    await client.query(reason === null ? 'commit' : 'rollback')
    if (reason !== null) return { kind: reason, rows: 0 }
    await analyzeAll(options, writer.entities)
    return { kind: 'seeded', rows: writer.rows }
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw namedRefusal(error, model, [])
  }
}

type Reason = 'present' | 'occupied'

interface Reading {
  readonly steps: Iterable<SeedStep>
  readonly problems: SeedProblems
}

/** Writes what the steps say, as long as there is a reason to; all of them are read in any case, for what is wrong. */
async function write(model: Model, { steps, problems }: Reading, options: SeedOptions) {
  const { client, again } = options
  let stages = 0
  const carrier = new Carrier(model, options.mostCarried)
  const writing = { client, model, again, carrier, nextStage: () => ++stages }
  const writer = new SeedWriter(writing, options.largeFrom ?? 5000)
  const seals = new SeedSecrets(model.app, options.secretKeys ?? null)
  let reason: Reason | null = null
  let isFirst = true
  // Places of ordered parts are looked at when all rows have theirs.
  await client.query('set constraints all deferred')
  for (const step of steps) {
    if (reason !== null) continue
    if (step.kind === 'row') {
      await seals.add(step)
      await writer.add(step)
      if (writer.rows % reportAfter === 0) options.onProgress?.(writer.rows)
      continue
    }
    await writer.beginTenant()
    reason = await writer.between(() => beginTenant(step.tenant, options, isFirst))
    isFirst = false
  }
  if (reason === null && problems.isEmpty) await writer.finish(() => seals.write(client))
  return { reason, writer }
}

/** Makes the tenant, unless it is there, or others are and should not be. */
async function beginTenant(tenant: SeedTenantStream, options: SeedOptions, isFirst: boolean): Promise<Reason | null> {
  const { client, again, onlyEmpty = false } = options
  if (!again && (await hasTenant(client, tenant))) return 'present'
  const isOccupied =
    isFirst && onlyEmpty && (await client.query('select 1 from rowhouse.tenant limit 1')).rows.length > 0
  if (isOccupied) return 'occupied'
  await writeTenant(client, tenant)
  return null
}

/** A tenant that is there was seeded, for all is written at once. */
async function hasTenant(client: ClientBase, { id }: SeedTenantStream): Promise<boolean> {
  const found = await runSql(client, sql`select 1 from rowhouse.tenant where id = ${sql.value(id)}`)
  return found.rows.length > 0
}

async function writeTenant(client: ClientBase, { id, slug, name }: SeedTenantStream): Promise<void> {
  await runSql(
    client,
    sql`insert into rowhouse.tenant (id, slug, name) values (${sql.value(id)}, ${sql.value(slug)}, ${sql.value(name)})
      on conflict (id) do update set slug = excluded.slug, name = excluded.name`,
  )
}

/** The planner should know the rows from the first request on. */
async function analyzeAll({ client, owner }: SeedOptions, entities: readonly Entity[]): Promise<void> {
  await client.query('begin')
  await runSql(client, sql`set local role ${sql.identifier(owner)}`)
  await analyze(client, entities)
  await client.query('commit')
}
