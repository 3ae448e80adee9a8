import type { ClientBase } from 'pg'
import { OperatorError, sql, toText } from '#base'
import type { PlatformRoles } from '#migrations'
import { unknownName } from '../../inspect/inspection.ts'

/** A tenant of the database. */
export interface Tenant {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** Does something as a role in a tenant, inside of the transaction, and takes it back. */
export async function asRole<T>(
  client: ClientBase,
  { role, tenant }: { readonly role: string; readonly tenant: string | null },
  work: () => Promise<T>,
): Promise<T> {
  await client.query('savepoint becoming')
  try {
    await client.query(toText(sql`set local role ${sql.identifier(role)}`))
    await client.query('select set_config($1, $2, true)', ['rowhouse.tenant_id', tenant ?? ''])
    return await work()
  } finally {
    await client.query('rollback to savepoint becoming')
  }
}

/** All tenants, by their slugs. */
export function readTenants(client: ClientBase, names: PlatformRoles): Promise<readonly Tenant[]> {
  return asRole(client, { role: names.owner, tenant: null }, async () => {
    const text = 'select id::text as id, slug, name from rowhouse.tenant order by slug'
    return (await client.query<Tenant>(text)).rows
  })
}

/**
 * The tenant of that slug, id or name.
 *
 * @throws OperatorError INSPECT_NAME_UNKNOWN
 */
export function tenantNamed(words: string, tenants: readonly Tenant[]): Tenant {
  const found = tenants.find(({ id, slug, name }) => slug === words || id === words.toLowerCase() || name === words)
  if (found !== undefined) return found
  throw unknownName(
    words,
    tenants.map(({ slug }) => slug),
    'tenant',
  )
}

/** The refusal where a tenant has to be said. */
export function tenantUnclear(tenants: readonly Tenant[]): OperatorError {
  const some = tenants.slice(0, 20).map(({ slug }) => slug)
  const more = tenants.length > some.length ? ` and ${tenants.length - some.length} more` : ''
  return new OperatorError(
    'POLICY_UNASKABLE',
    `There are ${tenants.length} tenants, and it is not clear in which of them is asked.`,
    `Say which one with --tenant: ${some.join(', ')}${more}.`,
  )
}
