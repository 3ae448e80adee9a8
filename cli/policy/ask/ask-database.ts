import type { ClientBase } from 'pg'
import { Bug, quoteIdentifier, snakeCase, sql, toText } from '#base'
import { type PlatformRoles, replacePlaceholders, roleSetName } from '#migrations'
import {
  type Caller,
  indexModel,
  liveSql,
  mayToSql,
  namedRow,
  type RowValue,
  type Scope,
  statementActor,
  tableSql,
} from '#policies'
import { columnField, columnFields, type Entity, keyColumnsOf, type Model, objectName, toOnesOf } from '#schema'

/** What is asked of Postgres. */
export interface AskedChange {
  readonly entity: Entity
  readonly verb: string
  /** Of the row; nothing for a new one. */
  readonly id: string
  /** A field that is read, instead of the row. */
  readonly field: string | null
  /** By name of field or to-one relation. */
  readonly values: Readonly<Record<string, RowValue>>
  readonly caller: Caller
}

/** What Postgres let happen. */
export interface Answer {
  readonly allowed: boolean
  /** What else than a rule stood in the way: the value, a unique key, other rows. */
  readonly obstacle: string | null
}

/** Verbs that a statement or a function carries out. */
const carriedOut: ReadonlySet<string> = new Set(['read', 'create', 'update', 'remove', 'restore', 'delete'])

/** Codes with which rules refuse; `42883` for verbs that no rule gives to anybody. */
const refusals: ReadonlySet<string> = new Set(['42501', 'RH404', '42883'])

/**
 * Tries it as the caller, inside of a transaction that stays open, and takes it back. Verbs that nothing carries out yet are asked for as rules compile
 * them.
 */
export async function askDatabase(
  client: ClientBase,
  asked: AskedChange,
  of: { readonly model: Model; readonly names: PlatformRoles },
): Promise<Answer> {
  await client.query('savepoint asking')
  try {
    return { allowed: await tryAs(client, asked, of), obstacle: null }
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string }
    if (code === undefined) throw error
    return { allowed: false, obstacle: refusals.has(code) ? null : `${message} (${code})` }
  } finally {
    await client.query('rollback to savepoint asking')
  }
}

async function tryAs(
  client: ClientBase,
  asked: AskedChange,
  { model, names }: { readonly model: Model; readonly names: PlatformRoles },
): Promise<boolean> {
  const { caller, verb, entity } = asked
  const role = caller.roles === null ? names.anonymous : roleSetName(names.prefix, caller.roles)
  const isPlain = carriedOut.has(verb)
  for (const [name, value] of settingsOf(caller)) await client.query('select set_config($1, $2, true)', [name, value])
  await client.query('select set_config($1, $2, true)', ['role', isPlain ? role : names.private])
  const table = toText(tableSql(entity))
  const key = JSON.stringify({ [keyColumn(entity, model)]: asked.id })
  const answer = async (text: string, values: readonly unknown[]): Promise<unknown> =>
    (await client.query<{ answer: unknown }>(text, [...values])).rows[0]?.answer
  switch (verb) {
    case 'read':
      return (await answer(readText(asked, table, model), [asked.id])) !== undefined
    case 'create':
      await answer('select rowhouse.create_row($1::text::regclass, $2::jsonb) as answer', [table, columnsOf(asked)])
      return true
    case 'update':
      return (
        (await answer('select rowhouse.update_row($1::text::regclass, $2::jsonb, $3::jsonb) as answer', [
          table,
          key,
          columnsOf(asked),
        ])) === 'updated'
      )
    case 'delete':
      return (
        (await answer('select rowhouse.delete_row($1::text::regclass, $2::jsonb) as answer', [table, key])) ===
        'deleted'
      )
    case 'remove':
    case 'restore':
      return (
        (await answer(`select rowhouse_private.${quoteIdentifier(`${verb}_${objectName(entity)}`)}($1) as answer`, [
          asked.id,
        ])) === `${verb}d`
      )
    default:
      return (await answer(replacePlaceholders(mayText(asked, role, model), names), [asked.id])) === true
  }
}

function settingsOf({ id, tenant, claims }: Caller): readonly (readonly [string, string])[] {
  return [
    ['rowhouse.tenant_id', tenant ?? ''],
    ['rowhouse.actor_id', id ?? ''],
    ...Object.entries(claims).map(
      ([name, value]) => [`rowhouse.claim_${snakeCase(name)}`, value === null ? '' : wordOf(value)] as const,
    ),
  ]
}

/** As a token's claim is set: texts as they are. */
function wordOf(value: RowValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function keyColumn(entity: Entity, model: Model): string {
  const [column, ...more] = keyColumnsOf(entity, new Map(model.entities.map((each) => [each.name, each])))
  if (column === undefined || more.length > 0) throw new Bug(`Rows of "${entity.name}" have no key of one column.`)
  return column.column
}

function readText({ entity, field }: AskedChange, table: string, model: Model): string {
  const column =
    field === null ? null : (columnField(entity, field) ?? toOnesOf(entity).find(({ name }) => name === field))?.column
  const shown = column == null ? '1' : quoteIdentifier(column)
  return `select ${shown} as answer from ${table} where ${quoteIdentifier(keyColumn(entity, model))} = $1`
}

/** The row as it is, live, read and changed by whom rules say; asked as `:PRIVATE`. */
function mayText({ entity, verb }: AskedChange, role: string, model: Model): string {
  const index = indexModel(model)
  const scope: Scope = { index, entity, row: namedRow('t0'), actor: statementActor, related: 'inline', depth: 0 }
  const may = ['read', verb].map((each) => sql`(${mayToSql(each, scope, sql.literal(role))})`)
  const key = scope.row.column(keyColumn(entity, model))
  const isLive = liveSql(entity, scope.row, index)
  return toText(
    sql`select ${sql.join(may, ' and ')} as answer from ${tableSql(entity)} t0 where ${key} = ${sql.raw('$1')} and ${isLive}`,
  )
}

/** JSON that `jsonb_populate_record` reads. */
function columnsOf({ entity, values }: AskedChange): string {
  const parts = [...columnFields(entity), ...toOnesOf(entity)]
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [parts.find((part) => part.name === name)?.column ?? name, value]),
    ),
  )
}
