import { ours } from '#schema'

/** Names of the policies that pin whose rows a caller reads and writes. */
export const fencePolicies: readonly string[] = ['tenant', 'tenant_update', 'tenant_delete']

/** Policies for roles of Rowhouse itself, which no request can become: no rule stands behind them. */
export const platformPolicies: readonly string[] = ['private', 'reports', 'search', 'searched']

/** A policy as Postgres has it. */
export interface Fence {
  readonly name: string
  readonly permissive: boolean
  readonly command: string
  readonly everyone: boolean
  readonly using: string | null
  readonly check: string | null
}

/** As Postgres prints them, from 15 to 18, with an empty search path. */
const caller = '( SELECT rowhouse.tenant_id() AS tenant_id)'
const readable = `(tenant_id = ANY (ARRAY['${ours}'::uuid, ${caller}]))`
const writable = `((tenant_id = ${caller}) AND (tenant_id <> '${ours}'::uuid))`

const wanted: readonly Fence[] = [
  { name: 'tenant', permissive: false, command: '*', everyone: true, using: readable, check: writable },
  { name: 'tenant_update', permissive: false, command: 'w', everyone: true, using: writable, check: writable },
  { name: 'tenant_delete', permissive: false, command: 'd', everyone: true, using: writable, check: null },
]

/** True when callers read their own rows and those of all, and write their own alone. */
export function pinsShared(fences: readonly Fence[]): boolean {
  return wanted.every((each) => fences.some((fence) => isSame(fence, each)))
}

function isSame(a: Fence, b: Fence): boolean {
  return (['name', 'permissive', 'command', 'everyone', 'using', 'check'] as const).every((key) => a[key] === b[key])
}
