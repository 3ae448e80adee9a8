import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type Sql, snakeCase, toText } from '#base'
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
import { columnBehind, columnFields, type Entity, type Model, toOnesOf } from '#schema'
import { dropRoles } from '../support/postgres/drop-roles.ts'
import { tenants } from './ids.ts'

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
  async with<T>(
    model: Model,
    rows: Readonly<Record<string, readonly Row[]>>,
    task: (database: ModelDatabase) => Promise<T>,
  ): Promise<T> {
    const name = `${this.names.prefix}_${this.#count++}`
    await this.#admin.query(`create database ${name} template ${this.#template}`)
    try {
      const client = await connect(this.#urlOf(name), { applicationName: 'rowhouse agreement' })
      try {
        const words = await this.#fill(client, model, rows)
        return await task(new ModelDatabase(client, this.names, words))
      } finally {
        await client.end()
      }
    } finally {
      await this.#admin.query(`drop database ${name} with (force)`)
    }
  }

  async #fill(client: pg.Client, model: Model, rows: Readonly<Record<string, readonly Row[]>>): Promise<Words> {
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
    for (const entity of model.entities) {
      const given = JSON.stringify((rows[entity.name] ?? []).map((row) => columnsOf(row, entity, model)))
      const table = `${pg.escapeIdentifier(entity.schema)}.${pg.escapeIdentifier(entity.table)}`
      await client.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`, [given])
    }
    await client.query('set session_replication_role = origin')
    return known
  }

  async close(): Promise<void> {
    await this.#admin.query(`drop database ${this.#template} with (force)`)
    await dropRoles(this.#admin, this.names.prefix)
    await this.#admin.end()
  }
}

/** Names of roles by their placeholders. */
type Words = Readonly<Record<string, string>>

function replaced(text: string, words: Words): string {
  return text.replaceAll(/:[A-Z][A-Z0-9_]*\b/g, (word) => words[word] ?? word)
}

/** A row or what a caller gives by its columns: links get `_id`, cents are whole numbers. */
export function columnsOf(given: Row, entity: Entity, model: Model): Readonly<Record<string, unknown>> {
  const entities = new Map(model.entities.map((each) => [each.name, each]))
  const parts = [...columnFields(entity), ...toOnesOf(entity)].filter(({ name }) => name in given)
  const values = parts.map(({ name, column }) => {
    const value = given[name]
    const type = columnBehind(entity, name, entities)?.type
    const isMinor = type?.kind === 'money' && type.minor && value !== null
    return [column, isMinor ? Math.round(Number(value) * 10 ** type.scale) : value]
  })
  const at = '2026-01-01T00:00:00Z'
  const whole =
    'deletedAt' in given
      ? { created_at: at, updated_at: at, ...('$tenant' in given ? { tenant_id: given.$tenant } : {}) }
      : {}
  return { ...Object.fromEntries(values), ...whole }
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

  /** The ids that a query gives to the private role, which sees the whole tenant, while the caller asks. */
  async idsWhere(caller: Caller, from: string, where: Sql): Promise<ReadonlySet<string>> {
    const role = caller.roles === null ? this.#names.anonymous : await this.#roleSet(caller.roles)
    return this.#as(caller, `set local role ${pg.escapeIdentifier(role)}`, async () => {
      const text = `select t0.id::text from ${from} where ${replaced(toText(where), this.#words)}`
      const { rows } = await this.#client.query<{ id: string }>('select agreement.ids($1) as id', [text])
      return new Set(rows.map(({ id }) => id))
    })
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
    const settings = [['rowhouse.tenant_id', caller.tenant ?? ''], ['rowhouse.actor_id', caller.id ?? ''], ...claims]
    await this.#client.query('begin')
    try {
      for (const [name, value] of settings) await this.#client.query('select set_config($1, $2, true)', [name, value])
      await this.#client.query(first)
      return await task()
    } finally {
      await this.#client.query('rollback')
    }
  }
}
