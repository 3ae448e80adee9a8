import { quoteLiteral } from '#base'
import type { Table } from '../catalog/catalog.ts'
import type { HeldKey } from './read-held-keys.ts'

/**
 * Keys in which rows of two tenants meet, one line each. Who repeats a value of another tenant is told CONFLICT: values can be probed, and
 * taken before the other needs them. Rows meet in no key that holds the tenant, a row of the tenant that was looked at before, or an id
 * that nobody chooses; nor in a primary key that is one uuid, which nobody guesses.
 */
export function tenantKeyFaults(table: Table, keys: readonly HeldKey[]): readonly string[] {
  const apart = table.adopted?.apart
  if (apart === undefined) return []
  const own = keys.filter((key) => key.schema === table.schema && key.table === table.name)
  return own.filter((key) => !isApart(key, apart)).map((key) => `${table.schema}.${table.name}: ${faultOf(key, apart)}`)
}

function isApart(key: HeldKey, { tenant, others }: Apart): boolean {
  if (key.columns.includes(tenant)) return true
  if (!key.nulls_equal && key.columns.some((column) => others.includes(column))) return true
  return key.kind === 'primary key' && key.columns.length === 1 && key.columns.join() === key.uuids.join()
}

type Apart = NonNullable<NonNullable<Table['adopted']>['apart']>

function faultOf({ kind, name, definition }: HeldKey, { tenant }: Apart): string {
  return (
    `its ${kind} "${name}" ${definition} does not hold "${tenant}", so tenants learn and take each other's values by CONFLICT; ` +
    `let it hold the column, or accept it: tenant: { column: ${quoteLiteral(tenant)}, keys: 'global' }`
  )
}
