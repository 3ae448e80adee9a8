import { appendFileSync, createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type Sql, sql, toText } from '#base'
import type { Entity, Model } from '#schema'
import type { SeedStream } from '#server'
import { Places } from '../server/seed/places.ts'
import { planSeed } from '../server/seed/plan-seed.ts'
import { SeedProblems } from '../server/seed/seed-problems.ts'

/** All rows of a seed as `copy` reads them, made before the clock starts. */
export interface SeedLines {
  readonly tenants: readonly { readonly id: string; readonly slug: string; readonly name: string }[]
  /** In an order in which foreign keys hold. */
  readonly tables: readonly {
    readonly entity: Entity
    readonly columns: readonly string[]
    readonly file: string
  }[]
}

/** Writes a seed into files of a folder: in memory it would hide how much of that a seed takes. */
export function linesOf(model: Model, seed: SeedStream, folder: string): SeedLines {
  const tenants: SeedLines['tenants'][number][] = []
  const tables = new Map<readonly string[], SeedLines['tables'][number] & { readonly lines: string[] }>()
  const places = new Map(model.entities.map((entity) => [entity, Places.of(entity, model)]))
  for (const step of planSeed(model, seed, new SeedProblems())) {
    if (step.kind === 'tenant') {
      tenants.push(step.tenant)
      continue
    }
    // Triggers are off.
    const { entity, columns, text } = places.get(step.entity)?.placed(step) ?? step
    const file = join(folder, `${entity.table}.${tables.size}`)
    const table = tables.get(columns) ?? { entity, columns, file, lines: [] }
    tables.set(columns, table)
    if (table.lines.push(text) >= 5000) appendFileSync(table.file, `${table.lines.splice(0).join('\n')}\n`)
  }
  for (const { file, lines } of tables.values()) appendFileSync(file, lines.map((line) => `${line}\n`).join(''))
  return { tenants, tables: [...tables.values()] }
}

/**
 * What the same rows cost at least: one `copy` a table, in one transaction, without triggers of our own; keys, checks and indexes are
 * looked after by Postgres all the same.
 */
export async function copyFloor(client: ClientBase, owner: string, { tenants, tables }: SeedLines): Promise<void> {
  await client.query('begin')
  await client.query(toText(sql`set local role ${sql.identifier(owner)}`))
  for (const { id, slug, name } of tenants)
    await client.query('insert into rowhouse.tenant (id, slug, name) values ($1, $2, $3)', [id, slug, name])
  for (const { entity, columns, file } of tables) {
    const table: Sql = sql.identifier(entity.schema, entity.table)
    await client.query(toText(sql`alter table ${table} no force row level security, disable trigger user`))
    await freeCopies(client, table, columns)
    const list = sql.join(
      columns.map((column) => sql.identifier(column)),
      ', ',
    )
    const stream = client.query(copyFrom(toText(sql`copy ${table} (${list}) from stdin`)))
    await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), stream)
    await client.query(toText(sql`alter table ${table} force row level security, enable trigger user`))
  }
  await client.query('commit')
  for (const { entity } of tables)
    await client.query(toText(sql`analyze ${sql.identifier(entity.schema, entity.table)}`))
}

/** Columns that triggers fill, and those are off: the floor does without them, and is the lower for it. */
async function freeCopies(client: ClientBase, table: Sql, columns: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and attnotnull
       and not atthasdef and attidentity = '' and attname <> all ($2)`,
    [toText(table), columns],
  )
  for (const { name } of rows)
    await client.query(toText(sql`alter table ${table} alter column ${sql.identifier(name)} drop not null`))
}
