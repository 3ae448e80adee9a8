import { OperatorError, type Sql, sql, toText } from '#base'
import { type Queryable, readRows } from '../read/read-rows.ts'
import type { PlatformRoles } from '../roles/platform-roles.ts'

/** Whose events are meant. */
export interface EventTenants {
  readonly names: PlatformRoles
  /** Slug or id of one tenant; null: all of them, and events of none. */
  readonly tenant: string | null
}

/**
 * What a statement answers about the events of each tenant, in a transaction of its own, as who decides rules: nobody sees the events of two.
 *
 * @param statementFor is given what is true for the column `tenant_id`: row security says the same, but not so that an index would find them
 * @throws EVENT_REPLAY_UNKNOWN when there is no such tenant
 */
export async function forEachTenant<T extends object>(
  client: Queryable,
  whose: EventTenants,
  statementFor: (isOfTenant: Sql) => Sql,
): Promise<readonly T[]> {
  const known = await inTurn<{ readonly id: string; readonly slug: string }>(client, whose.names.owner, {
    tenant: '',
    statement: sql`select id::text as id, slug from rowhouse.tenant order by slug`,
  })
  const wanted = whose.tenant === null ? [{ id: '' }, ...known] : known.filter(isCalled(whose.tenant))
  if (wanted.length === 0) {
    const hint = 'Name it by its slug or its id; left out, all tenants are meant.'
    throw new OperatorError('EVENT_REPLAY_UNKNOWN', `There is no tenant "${whose.tenant}".`, hint)
  }
  const answers: T[] = []
  for (const { id } of wanted) {
    const statement = statementFor(id === '' ? sql`tenant_id is null` : sql`tenant_id = ${sql.value(id)}::uuid`)
    answers.push(...(await inTurn<T>(client, whose.names.private, { tenant: id, statement })))
  }
  return answers
}

function isCalled(tenant: string) {
  return ({ id, slug }: { readonly id: string; readonly slug: string }) =>
    slug === tenant || id === tenant.toLowerCase()
}

async function inTurn<T extends object>(
  client: Queryable,
  role: string,
  { tenant, statement }: { readonly tenant: string; readonly statement: Sql },
): Promise<readonly T[]> {
  await client.query('begin')
  try {
    await client.query(toText(sql`set local role ${sql.identifier(role)}`))
    await readRows(client, sql`select set_config('rowhouse.tenant_id', ${sql.value(tenant)}, true)`)
    const rows = await readRows<T>(client, statement)
    await client.query('commit')
    return rows
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}
