import type { ClientBase } from 'pg'
import { fitIdentifier, OperatorError, quoteIdentifier, type Sql, snakeCase, sql, toText } from '#base'
import { type PlatformRoles, replacePlaceholders, roleSetName } from '#migrations'
import {
  type Caller,
  flagsOfComputed,
  guardedGroups,
  inAudienceToSql,
  indexModel,
  liveSql,
  type ModelIndex,
  mayToSql,
  namedRow,
  type RowValue,
  rowsSql,
  type Scope,
  shownSql,
  statementActor,
  tableSql,
} from '#policies'
import { columnField, columnFields, type Entity, keyColumnsOf, type Model, objectName, toOnesOf } from '#schema'
import { storedColumns } from './stored-columns.ts'

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
  await mayBecome(client, role)
  for (const [name, value] of await settingsOf(caller, client))
    await client.query('select set_config($1, $2, true)', [name, value])
  await client.query('select set_config($1, $2, true)', ['role', isPlain ? role : names.private])
  const index = indexModel(model)
  const table = toText(rowsSql(entity, index))
  const key = JSON.stringify({ [keyColumn(entity, index)]: asked.id })
  const answer = async (text: string, values: readonly unknown[]): Promise<unknown> =>
    (await client.query<{ answer: unknown }>(text, [...values])).rows[0]?.answer
  const given = (): string => JSON.stringify(storedColumns(entity, asked.values))
  switch (verb) {
    case 'read':
      return (await answer(readText(asked, index), [asked.id])) === true
    case 'create':
      await answer('select rowhouse.create_row($1::text::regclass, $2::jsonb) as answer', [table, given()])
      return true
    case 'update': {
      const text = 'select rowhouse.update_row($1::text::regclass, $2::jsonb, $3::jsonb) as answer'
      return (await answer(text, [table, key, given()])) === 'updated'
    }
    case 'delete': {
      const text = 'select rowhouse.delete_row($1::text::regclass, $2::jsonb) as answer'
      return (await answer(text, [table, key])) === 'deleted'
    }
    case 'remove':
    case 'restore': {
      const name = quoteIdentifier(fitIdentifier(`${verb}_${objectName(entity)}`))
      return (await answer(`select rowhouse_private.${name}($1) as answer`, [asked.id])) === `${verb}d`
    }
    default:
      return (await answer(replacePlaceholders(mayText(asked, role, index), names), [asked.id])) === true
  }
}

/** Whoever made a role may not become it on Postgres 16 and later; the membership goes with the savepoint. */
async function mayBecome(client: ClientBase, role: string): Promise<void> {
  const { rows } = await client.query<{ may: boolean; major: number }>(
    `select pg_has_role(current_user, $1, case when n >= 160000 then 'SET' else 'MEMBER' end) as may, n / 10000 as major
     from (select current_setting('server_version_num')::int as n) as server`,
    [role],
  )
  const [found] = rows
  if (found === undefined || found.may) return
  const options = found.major >= 16 ? ' with inherit false, set true' : ''
  await client.query(`grant ${quoteIdentifier(role)} to current_user${options}`)
}

type Setting = readonly [name: string, value: string]

async function settingsOf({ id, tenant, claims, request }: Caller, client: ClientBase): Promise<readonly Setting[]> {
  const { ip = '', mfa = false, signedInFor } = request
  return [
    ['rowhouse.tenant_id', tenant ?? ''],
    ['rowhouse.actor_id', id ?? ''],
    ...Object.entries(claims).map(
      ([name, value]) => [`rowhouse.claim_${snakeCase(name)}`, value === null ? '' : wordOf(value)] as const,
    ),
    ['rowhouse.request_ip', ip],
    ['rowhouse.request_mfa', mfa ? 'true' : ''],
    ['rowhouse.request_signed_in_at', signedInFor === undefined ? '' : await signedInAt(signedInFor, client)],
  ]
}

async function signedInAt(seconds: number, client: ClientBase): Promise<string> {
  const text = 'select (extract(epoch from now()) - $1::numeric)::text as at'
  return (await client.query<{ at: string }>(text, [seconds])).rows[0]!.at
}

/** As a token's claim is set: texts as they are. */
function wordOf(value: RowValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** @throws OperatorError POLICY_UNASKABLE for keys of several columns */
function keyColumn(entity: Entity, index: ModelIndex): string {
  const [column, ...more] = keyColumnsOf(entity, index.entities)
  if (column !== undefined && more.length === 0) return column.column
  const message = `A row of "${entity.name}" cannot be asked about: its key has several columns (${entity.key.join(', ')}).`
  throw new OperatorError(
    'POLICY_UNASKABLE',
    message,
    'Ask about a row that leads to it, or with a query as that person.',
  )
}

/** Fields are asked of what callers read: there a hidden one is null, and flags say which are shown. */
function readText({ entity, field }: AskedChange, index: ModelIndex): string {
  const key = sql`${sql.identifier(keyColumn(entity, index))} = ${sql.raw('$1')}`
  if (field === null) return toText(sql`select true as answer from ${rowsSql(entity, index)} where ${key}`)
  const flags = flagsOf(entity, field, index).map((flag) => sql.identifier(flag))
  const shown = flags.length === 0 ? sql`true` : sql.join(flags, ' and ')
  return toText(sql`select ${shown} as answer, ${readable(entity, field)} from ${shownSql(entity, index)} where ${key}`)
}

function flagsOf(entity: Entity, field: string, index: ModelIndex): readonly string[] {
  const computed = entity.computed.find(({ name }) => name === field)
  if (computed !== undefined) return flagsOfComputed(computed, entity, index)
  const names = [field, ...partsOf(entity, field)]
  const groups = guardedGroups(entity, index)
  return groups.filter((group) => group.names.some((name) => names.includes(name))).map(({ flag }) => flag)
}

/** The to-ones of a `oneOf`, and the parts of a value object. */
function partsOf(entity: Entity, field: string): readonly string[] {
  const group = entity.relations.find(({ name }) => name === field)
  if (group?.kind === 'oneOf') return group.targets.map(({ relation }) => relation)
  return columnFields(entity).flatMap(({ name }) => (name.startsWith(`${field}.`) ? [name] : []))
}

/** Reads the column too, where there is one: Postgres also refuses columns. */
function readable(entity: Entity, field: string): Sql {
  const column = (columnField(entity, field) ?? toOnesOf(entity).find(({ name }) => name === field))?.column
  return column === undefined ? sql`null` : sql`${sql.identifier(column)} as value`
}

/** The row as it is, live, read and changed by whom rules say; asked as `:PRIVATE`. */
function mayText({ entity, verb }: AskedChange, role: string, index: ModelIndex): string {
  const asker = sql.literal(role)
  const actor: Scope['actor'] = { ...statementActor, isAmong: (audience) => inAudienceToSql(audience, asker) }
  const scope: Scope = { index, entity, row: namedRow('t0'), actor, related: 'inline', depth: 0 }
  const may = ['read', verb].map((each) => sql`(${mayToSql(each, scope, asker)})`)
  const key = scope.row.column(keyColumn(entity, index))
  const isLive = liveSql(entity, scope.row, index)
  return toText(
    sql`select ${sql.join(may, ' and ')} as answer from ${tableSql(entity)} t0 where ${key} = ${sql.raw('$1')} and ${isLive}`,
  )
}
