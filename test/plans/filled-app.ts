import type pg from 'pg'
import { snakeCase, sql, toText } from '#base'
import { buildCatalog } from '#migrations'
import { loadModel } from '#policies'
import { type Model, toOnesOf } from '#schema'
import { loadConfig, loadSeed, type Person, runSeed } from '#server'
import type { TestActor, TestDatabase } from '../support/database.ts'

/** An app with thousands of rows, so that plans say what happens to large tenants. */
export interface FilledApp {
  readonly model: Model
  /** Callers: the first person of the configuration as each role alone, and with none. */
  readonly callers: readonly TestActor[]
}

/** Rows of the largest table. */
const wanted = 12_000
const mostCopies = 400

/**
 * Makes the app's tables, seeds them, and copies what is there, as a whole and many times over: each copy has people of its own, so that the
 * callers see as much as before, of a tenant that is many times larger.
 */
export async function fillApp(folder: string, database: TestDatabase): Promise<FilledApp> {
  const { model } = await loadModel(folder)
  await database.applyCatalog(buildCatalog(model))
  const seed = await loadSeed(folder)
  await runSeed(model, seed!, { client: database.migrator, owner: database.names.owner, again: false })
  await database.asOwner((client) => copyRows(client, model))
  await database.asRole(database.names.owner, (client) => client.query(`analyze ${tables(model).join(', ')}`))
  const { people } = await loadConfig(folder)
  return { model, callers: callersOf(model, Object.values(people ?? {})) }
}

function callersOf(model: Model, people: readonly Person[]): readonly TestActor[] {
  const roleSets = [[], ...model.roles.map(({ name }) => [name])]
  return roleSets.map((roles) => {
    const [role] = roles
    // Who has the role already has the claims that its rules read.
    const person = people.find((each) => role !== undefined && each.roles.includes(role)) ?? people[0]!
    return { roles, tenant: person.tenant, actor: person.id, claims: claimsOf(person) }
  })
}

function claimsOf({ claims = {} }: Person): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [snakeCase(name), String(value)]))
}

function tables(model: Model): readonly string[] {
  return model.entities.map(({ table }) => toText(sql.identifier('app', table)))
}

async function copyRows(client: pg.ClientBase, model: Model): Promise<void> {
  const ordered = targetsFirst(model)
  const counts: number[] = []
  for (const table of ordered) counts.push(await count(client, table))
  const copies = Math.min(mostCopies, Math.ceil(wanted / Math.max(...counts)))
  for (const table of ordered) await withoutTests(client, table)
  for (const table of ordered) {
    const columns = await columnsOf(client, table)
    const values = columns.map(({ name, copied }) => (copied === null ? `t.${name}` : copied))
    await client.query(
      `insert into ${table} (${columns.map(({ name }) => name).join(', ')}) overriding system value
       select ${values.join(', ')} from ${table} t, generate_series(1, ${copies}) n`,
    )
  }
}

async function count(client: pg.ClientBase, table: string): Promise<number> {
  return (await client.query(`select count(*)::int as count from ${table}`)).rows[0].count
}

/** Copies are made as the rows are: nothing is checked or filled in again. */
async function withoutTests(client: pg.ClientBase, table: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(conname) as name from pg_constraint where conrelid = $1::regclass and contype in ('c', 'x')`,
    [table],
  )
  for (const { name } of rows) await client.query(`alter table ${table} drop constraint ${name}`)
  await client.query(`alter table ${table} disable trigger user`)
}

interface CopiedColumn {
  readonly name: string
  /** SQL of its value in copy `n`; null: as it is. */
  readonly copied: string | null
}

async function columnsOf(client: pg.ClientBase, table: string): Promise<readonly CopiedColumn[]> {
  const { rows } = await client.query<CopiedColumn>(
    `select quote_ident(a.attname) as name,
       case when a.attname = 'tenant_id' then null
         when a.atttypid = 'uuid'::regtype then 'md5(t.' || quote_ident(a.attname) || '::text || n)::uuid'
         when exists (select from pg_index i where i.indrelid = a.attrelid and i.indisunique and strpos(pg_get_indexdef(i.indexrelid), a.attname) > 0)
           then case a.atttypid when 'text'::regtype then 't.' || quote_ident(a.attname) || ' || ''-'' || n'
             when 'bytea'::regtype then 't.' || quote_ident(a.attname) || ' || decode(md5(n::text), ''hex'')'
             when 'integer'::regtype then 't.' || quote_ident(a.attname) || ' + n * 1000000'
             when 'bigint'::regtype then 't.' || quote_ident(a.attname) || ' + n * 10000000000000' end end as copied
     from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''`,
    [table],
  )
  return rows
}

/** Tables in an order in which each comes after those that it leads to. */
function targetsFirst(model: Model): readonly string[] {
  const done = new Set<string>()
  const visit = (name: string): void => {
    if (done.has(name)) return
    done.add(name)
    for (const { to } of toOnesOf(model.entities.find((each) => each.name === name)!)) visit(to)
    ordered.push(toText(sql.identifier('app', model.entities.find((each) => each.name === name)!.table)))
  }
  const ordered: string[] = []
  for (const { name } of model.entities) visit(name)
  return ordered
}
