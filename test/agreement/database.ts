import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type Sql, snakeCase, sql, toText } from '#base'
import {
  buildCatalog,
  connect,
  ensureRoleSets,
  ensureRoles,
  inTransaction,
  migrateSystem,
  type PlatformRoles,
  platformRoles,
  renderCatalog,
  rolePlaceholders,
  roleSetName,
} from '#migrations'
import type { Caller, Row } from '#policies'
import { type Model, toOnesOf } from '#schema'
import { dropRoles } from '../support/postgres/drop-roles.ts'
import { isCounted, tenants } from './ids.ts'
import type { Move } from './rows.ts'
import { storedRows } from './stored-rows.ts'

/** Databases for one model after another, in one cluster and with one set of roles. */
export class Laboratory {
  readonly names: PlatformRoles
  readonly #admin: pg.Client
  readonly #url: string
  readonly #password = randomBytes(12).toString('hex')
  #count = 0

  private constructor(url: string, admin: pg.Client) {
    this.#url = url
    this.#admin = admin
    this.names = platformRoles(`rha_${randomBytes(4).toString('hex')}`)
  }

  /** @param url of a superuser */
  static async open(url: string): Promise<Laboratory> {
    const admin = await connect(url, { applicationName: 'rowhouse agreement' })
    const made = new Laboratory(url, admin)
    await admin.query(`create database ${made.#template}`)
    const client = await connect(made.#urlOf(made.#template), { applicationName: 'rowhouse agreement' })
    await ensureRoles(client, { names: made.names, roles: [], password: made.#password })
    await migrateSystem(client, made.names)
    await client.query(attemptFunction)
    await client.query(`alter function agreement.ids(text) owner to ${pg.escapeIdentifier(made.names.private)}`)
    await client.end()
    return made
  }

  get #template(): string {
    return `${this.names.prefix}_template`
  }

  #urlOf(database: string): string {
    const url = new URL(this.#url)
    url.pathname = `/${database}`
    return url.href
  }

  /** A database with the tables, rules and rows of a model, for as long as the task takes. */
  async with<T>({ model, rows, moves = [] }: Filling, task: (database: ModelDatabase) => Promise<T>): Promise<T> {
    const name = `${this.names.prefix}_${this.#count++}`
    await this.#admin.query(`create database ${name} template ${this.#template}`)
    try {
      const client = await connect(this.#urlOf(name), { applicationName: 'rowhouse agreement' })
      try {
        const words = await this.#fill(client, { model, rows, moves })
        return await task(new ModelDatabase(client, this.names, words))
      } finally {
        await client.end()
      }
    } finally {
      await this.#admin.query(`drop database ${name} with (force)`)
    }
  }

  async #fill(client: pg.Client, { model, rows, moves = [] }: Filling): Promise<Words> {
    const catalog = buildCatalog(model)
    await ensureRoles(client, { names: this.names, roles: catalog.roles, password: this.#password })
    const known = rolePlaceholders(
      this.names,
      catalog.roles.map(({ name }) => name),
    )
    const text = replaced(renderCatalog(catalog), known)
    await inTransaction(client, () => client.query(text))
    // Rows are put in as they are, in any order.
    await client.query('set session_replication_role = replica')
    for (const tenant of tenants)
      await client.query('insert into rowhouse.tenant (id, slug, name) values ($1, $2, $2)', [tenant, tenant])
    const stored = storedRows(model, rows, moves)
    for (const entity of model.entities) {
      const given = JSON.stringify(stored[entity.name])
      const table = `${pg.escapeIdentifier(entity.schema)}.${pg.escapeIdentifier(entity.table)}`
      await client.query(
        `insert into ${table} overriding system value select * from jsonb_populate_recordset(null::${table}, $1)`,
        [given],
      )
    }
    await client.query('set session_replication_role = origin')
    for (const { schema, table } of model.entities.filter(isCounted))
      await client.query("select setval(pg_get_serial_sequence(format('%I.%I', $1::text, $2::text), 'id'), 1000)", [
        schema,
        table,
      ])
    // What is left to see to it keeps copies equal, not what callers may do.
    if (moves.length > 0) await client.query(withoutRules)
    for (const move of moves) {
      const tenant = rows[move.entity]!.find(({ id }) => id === move.id)?.$tenant ?? ''
      await client.query("select set_config('rowhouse.tenant_id', $1, false)", [tenant])
      await client.query(moveText(move, { model, rows }))
    }
    await client.query("select set_config('rowhouse.tenant_id', '', false)")
    if (moves.length > 0) await client.query(withoutRules.replaceAll('disable', 'enable'))
    return known
  }

  async close(): Promise<void> {
    await this.#admin.query(`drop database ${this.#template} with (force)`)
    await dropRoles(this.#admin, this.names.prefix)
    await this.#admin.end()
  }
}

/** What a database is made of. */
export interface Filling {
  readonly model: Model
  readonly rows: Readonly<Record<string, readonly Row[]>>
  /** Moves that its rows have made. */
  readonly moves?: readonly Move[]
}

/** Triggers that ask what callers may do are put aside. */
const withoutRules = `do $$
declare
  found record;
begin
  for found in
    select tgrelid::regclass as relation, tgname from pg_trigger join pg_proc on pg_proc.oid = tgfoid
    where not tgisinternal and tgparentid = 0 and proname ~ '^(link|guard|history)_'
  loop
    execute format('alter table %s disable trigger %I', found.relation, found.tgname);
  end loop;
end $$`

/** The move as whoever runs the database makes it: keys and triggers see to the rest. */
function moveText({ entity: name, id, relation }: Move, { model, rows }: Filling): string {
  const entity = model.entities.find((each) => each.name === name)!
  const { column } = toOnesOf(entity).find((each) => each.name === relation)!
  const to = rows[name]!.find((row) => row.id === id)?.[relation] as string
  const table = sql.identifier(entity.schema, entity.table)
  return toText(sql`update ${table} set ${sql.identifier(column)} = ${sql.literal(to)} where "id" = ${sql.literal(id)}`)
}

/** Names of roles by their placeholders. */
type Words = Readonly<Record<string, string>>

function replaced(text: string, words: Words): string {
  return text.replaceAll(/:[A-Z][A-Z0-9_]*\b/g, (word) => words[word] ?? word)
}

/** What came of a statement: its answer as text, or why Postgres refused it. */
export interface Outcome {
  readonly ok: boolean
  /** The answer; of a refusal its SQLSTATE. */
  readonly answer: string
  readonly message: string
}

/** Runs a statement as whoever asks, and takes back what it did. */
const attemptFunction = `
create schema agreement;
grant usage on schema agreement to public;
create function agreement.attempt(statement text) returns text[] language plpgsql volatile as $$
declare
  answer text;
begin
  execute statement into answer;
  raise exception using errcode = 'AG000', message = coalesce(answer, '');
exception
  when sqlstate 'AG000' then return array['', sqlerrm];
  when others then return array[sqlstate, sqlerrm];
end $$;
grant execute on function agreement.attempt(text) to public;
create function agreement.ids(query text) returns setof text language plpgsql stable security definer set search_path = '' as $$
begin
  return query execute query;
end $$;`

/** A database of one model with its rows. */
export class ModelDatabase {
  readonly #client: pg.Client
  readonly #names: PlatformRoles
  readonly #words: Words

  constructor(client: pg.Client, names: PlatformRoles, words: Words) {
    this.#client = client
    this.#names = names
    this.#words = words
  }

  /** The instant of the transactions to come is not known beforehand, but near. */
  async now(): Promise<string> {
    const { rows } = await this.#client.query<{ now: Date }>('select now()')
    return rows[0]!.now.toISOString()
  }

  /** What comes of each statement for the caller, in its role set and with its claims, as requests run. */
  async attempts(caller: Caller, statements: readonly string[]): Promise<readonly Outcome[]> {
    const role = caller.roles === null ? this.#names.anonymous : await this.#roleSet(caller.roles)
    return this.#as(caller, `set local role ${pg.escapeIdentifier(role)}`, async () => {
      const { rows } = await this.#client.query<{ outcome: readonly [string, string] }>(
        'select agreement.attempt(s) as outcome from unnest($1::text[]) with ordinality as t (s, at) order by at',
        [statements],
      )
      return rows.map(({ outcome: [state, message] }) => ({
        ok: state === '',
        answer: state === '' ? message : state,
        message,
      }))
    })
  }

  /** The texts that a query gives to the private role, which sees the whole tenant, while the caller asks. */
  async textsOf(caller: Caller, query: Sql): Promise<readonly string[]> {
    const role = caller.roles === null ? this.#names.anonymous : await this.#roleSet(caller.roles)
    return this.#as(caller, `set local role ${pg.escapeIdentifier(role)}`, async () => {
      const { rows } = await this.#client.query<{ text: string }>('select agreement.ids($1) as text', [
        replaced(toText(query), this.#words),
      ])
      return rows.map(({ text }) => text)
    })
  }

  /** What a query with one parameter gives to whoever sees the rows of all tenants. */
  async allOf<T extends pg.QueryResultRow>(query: Sql, parameter: string): Promise<readonly T[]> {
    const { rows } = await this.#client.query<T>(replaced(toText(query), this.#words), [parameter])
    return rows
  }

  async #roleSet(roles: readonly string[]): Promise<string> {
    await ensureRoleSets(this.#client, this.#names, [roles])
    return roleSetName(this.#names.prefix, roles)
  }

  async #as<T>(caller: Caller, first: string, task: () => Promise<T>): Promise<T> {
    const claims = Object.entries(caller.claims).map(([name, value]) => [
      `rowhouse.claim_${snakeCase(name)}`,
      String(value as string),
    ])
    const { ip, mfa, signedInFor } = caller.request
    const settings = [
      ['rowhouse.tenant_id', caller.tenant ?? ''],
      ['rowhouse.actor_id', caller.id ?? ''],
      ['rowhouse.request_ip', ip ?? ''],
      ['rowhouse.request_mfa', mfa === undefined ? '' : String(mfa)],
      ['rowhouse.request_signed_in_at', signedInFor === undefined ? '' : String(signedInAt(signedInFor))],
      ...claims,
    ]
    await this.#client.query('begin')
    try {
      const all = 'select set_config(s ->> 0, s ->> 1, true) from jsonb_array_elements($1::jsonb) s'
      await this.#client.query(all, [JSON.stringify(settings)])
      await this.#client.query(first)
      return await task()
    } finally {
      await this.#client.query('rollback')
    }
  }
}

/** The second since 1970 when a caller signed in. */
export function signedInAt(signedInFor: number): number {
  return Math.floor(Date.now() / 1000) - signedInFor
}
