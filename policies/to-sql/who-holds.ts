import type { Audience, Role } from '#schema'
import { heldRoles } from '../model/held-roles.ts'
import {
  anonymous,
  bothPlaceholder,
  exceptPlaceholder,
  member,
  type RolePlaceholder,
  rolePlaceholder,
} from './role-placeholder.ts'

/** Stands for everyone signed in among names of roles. No role of an app is called so. */
export const signedInWord = 'member'

/** Who has all of some roles of the app, and none of others. */
export interface WhoHolds {
  /** Names in the model, or {@link signedInWord}. None: visitors too. */
  readonly all: readonly string[]
  /** Names in the model. */
  readonly except: readonly string[]
}

/** A role of Postgres that rules name, and who holds it. */
export interface Holders {
  readonly role: RolePlaceholder
  /** Sorted, and without what follows from the rest. Null: visitors alone. */
  readonly holds: WhoHolds | null
}

/** Roles by name, each with all that somebody has who has it: itself, what it includes, and being signed in. */
export type Included = ReadonlyMap<string, ReadonlySet<string>>

/** What somebody with a role has besides. */
export function includedRoles(roles: readonly Role[]): Included {
  const each = roles.map(({ name }) => [name, new Set([...heldRoles({ roles }, [name]), signedInWord])] as const)
  return new Map([[signedInWord, new Set([signedInWord])], ...each])
}

/** The roles that an audience stands for. */
export function audienceHolders(audience: Audience, included: Included): readonly Holders[] {
  const signedIn = { role: member, holds: { all: [signedInWord], except: [] } }
  switch (audience.kind) {
    case 'everyone':
      return [{ role: anonymous, holds: null }, signedIn]
    case 'signedIn':
      return [signedIn]
    case 'except':
      return [
        { role: exceptPlaceholder(audience.roles), holds: settled({ all: [], except: audience.roles }, included) },
      ]
    case 'roles': {
      const distinct = [...new Set(audience.roles)].sort()
      return distinct.map((name) => ({ role: rolePlaceholder(name), holds: { all: [name], except: [] } }))
    }
  }
}

/** The roles of those who are in all of the audiences; none: nobody can be. */
export function holdersOfAll(audiences: readonly Audience[], included: Included): readonly Holders[] {
  const narrow = audiences.filter(({ kind }) => kind !== 'everyone')
  const [first, ...rest] = (narrow.length === 0 ? audiences.slice(0, 1) : narrow).map((audience) =>
    audienceHolders(audience, included),
  )
  const met = rest.reduce(
    (before, each) => before.flatMap((one) => each.flatMap((other) => meet(one, other, included) ?? [])),
    first ?? [],
  )
  return widest(met, included)
}

/** Those who hold both roles; null: nobody can. */
export function meet(one: Holders, other: Holders, included: Included): Holders | null {
  if (isWithin(one, other, included)) return one
  if (isWithin(other, one, included)) return other
  if (one.holds === null || other.holds === null) return null
  const holds = inBoth(one.holds, other.holds, included)
  return holds === null ? null : { role: roleOf(holds), holds }
}

/** Without those who are among others of them. */
export function widest<T extends Holders>(all: readonly T[], included: Included): readonly T[] {
  return all.reduce<readonly T[]>((kept, one) => {
    if (kept.some((other) => isWithin(one, other, included))) return kept
    return [...kept.filter((other) => !isWithin(other, one, included)), one]
  }, [])
}

/** True when everyone who holds the one role holds the other. */
export function isWithin(one: Holders, other: Holders, included: Included): boolean {
  if (one.role === other.role) return true
  if (other.holds === null) return false
  if (one.holds === null) return other.holds.all.length === 0
  const both = inBoth(one.holds, other.holds, included)
  return both !== null && both.all.join() === one.holds.all.join() && both.except.join() === one.holds.except.join()
}

function inBoth(one: WhoHolds, other: WhoHolds, included: Included): WhoHolds | null {
  const both = { all: [...one.all, ...other.all], except: [...one.except, ...other.except] }
  const has = (role: string, what: string) => included.get(role)?.has(what) === true
  return both.all.some((role) => both.except.some((what) => has(role, what))) ? null : settled(both, included)
}

/** Who has a role has what it includes; who lacks one lacks what includes it. */
function settled({ all, except }: WhoHolds, included: Included): WhoHolds {
  const has = (role: string, what: string) => role !== what && included.get(role)?.has(what) === true
  const distinct = (roles: readonly string[], isTold: (role: string) => boolean) =>
    [...new Set(roles)].filter((role) => !isTold(role)).sort()
  return {
    all: distinct(all, (what) => all.some((role) => has(role, what))),
    except: distinct(except, (role) => except.some((what) => has(role, what))),
  }
}

function roleOf({ all, except }: WhoHolds): RolePlaceholder {
  return all.length === 0 ? exceptPlaceholder(except) : bothPlaceholder(all, except)
}
