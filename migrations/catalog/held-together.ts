import { type Sql, sql } from '#base'
import {
  audienceRoles,
  holdersOfAll,
  impliesAudience,
  inAudienceToSql,
  type ModelIndex,
  markersOf,
  type RolePlaceholder,
} from '#policies'
import type { Audience } from '#schema'

/** Whoever is in all of some audiences. */
export interface HeldTogether {
  /** Roles that a policy names. */
  readonly roles: readonly RolePlaceholder[]
  /** What else must hold of the caller's roles, once per statement. */
  readonly tests: readonly Sql[]
}

/**
 * A policy speaks to any of its roles, so it names a role that holds for whoever is in all of the audiences. Where there is none, it
 * names those of one and tests the others; what follows from the others is left out: a manager is signed in.
 */
export function heldTogether(audiences: readonly Audience[], index: ModelIndex): HeldTogether {
  const { included, isMade } = markersOf(index)
  const held = holdersOfAll(audiences, included)
  if (held.length > 0 && held.every(({ role }) => isMade(role)))
    return { roles: held.map(({ role }) => role).sort(), tests: [] }
  const distinct = [...new Map(audiences.map((each) => [audienceRoles(each).join(), each])).values()]
  const [first, ...rest] = distinct.filter(
    (each, at) =>
      !distinct.some(
        (other, place) =>
          place !== at && impliesAudience(other, each, index) && !(place > at && impliesAudience(each, other, index)),
      ),
  )
  return {
    roles: audienceRoles(first!),
    tests: rest.map((each) => sql`(select ${inAudienceToSql(each, sql`current_user`)})`),
  }
}
