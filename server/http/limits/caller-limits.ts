import { heldRoles } from '#policies'
import type { Model } from '#schema'
import type { LimitSettings, OperationLimits } from '../../config/limits.ts'

/** Limits of a caller with these roles of the model; null: a visitor. */
export type LimitsOf = (roles: readonly string[] | null) => OperationLimits

/** Of several roles the widest limit counts, each number by itself; a role that says nothing has the common one. */
export function callerLimits(model: Pick<Model, 'roles'>, { operation, roles, visitors }: LimitSettings): LimitsOf {
  const known = new Map<string, OperationLimits>()
  const ofVisitors = { ...operation, ...visitors }
  return (held) => {
    if (held === null) return ofVisitors
    const key = held.join()
    const before = known.get(key)
    if (before !== undefined) return before
    const sets = [...heldRoles(model, held)].map((role) => ({ ...operation, ...ownOf(roles, role) }))
    const limits = sets.length === 0 ? operation : sets.reduce(widest)
    known.set(key, limits)
    return limits
  }
}

function ownOf(roles: LimitSettings['roles'], role: string): Partial<OperationLimits> {
  return Object.hasOwn(roles, role) ? roles[role]! : {}
}

/** Limits of whoever has both: the wider one of each. */
export function widest(one: OperationLimits, other: OperationLimits): OperationLimits {
  const names = Object.keys(one) as (keyof OperationLimits)[]
  return Object.fromEntries(names.map((name) => [name, Math.max(one[name], other[name])])) as unknown as OperationLimits
}
