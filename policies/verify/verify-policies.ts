import { type LoadedApp, type Model, type Problems, type Verification, verification } from '#schema'
import { verifyActor } from './actor.ts'
import { warnOfAnyOfBeforeOthers } from './any-of-last.ts'
import { verifyAppName } from './app-name.ts'
import { warnOfDenials } from './denials.ts'
import { verifyGuardedFields } from './guarded-fields.ts'
import { verifyMayCycles } from './may-cycles.ts'
import { warnOfRulesOpenToAll } from './open-to-all.ts'
import { verifyPolicyOfEntity } from './policy-of-entity.ts'
import { warnOfCrossedReserves } from './reserve-crossed.ts'
import { verifyReserves } from './reserves.ts'
import { verifyRoles } from './roles.ts'
import { warnOfConditionsThatAlwaysHold } from './rule-always.ts'
import { warnOfRulesThatNeverHold } from './rule-never.ts'
import { warnOfCallsPerRow } from './rule-per-row.ts'
import { warnOfShadowedRules } from './rule-shadowed.ts'
import { verifyRules } from './rules.ts'
import { verifySearchGuarded } from './search-guarded.ts'
import { warnOfUnallowedVerbs } from './unallowed-verbs.ts'
import { warnOfUncarriedPaths } from './uncarried-paths.ts'
import { warnOfUnindexedPaths } from './unindexed-paths.ts'
import { warnOfGuardedUniques } from './unique-guarded.ts'
import { warnOfUpdatesUnread } from './update-unread.ts'
import { warnOfVisitorsWithoutTenant } from './visitors-without-tenant.ts'

const checks: readonly ((check: Verification) => void)[] = [
  verifyAppName,
  verifyRoles,
  verifyActor,
  verifyPolicyOfEntity,
  verifyRules,
  verifyReserves,
  verifyGuardedFields,
  verifyMayCycles,
  verifySearchGuarded,
]

const warnings: readonly ((check: Verification) => void)[] = [
  warnOfDenials,
  warnOfUnindexedPaths,
  warnOfUncarriedPaths,
  warnOfCallsPerRow,
  warnOfUnallowedVerbs,
  warnOfRulesThatNeverHold,
  warnOfConditionsThatAlwaysHold,
  warnOfShadowedRules,
  warnOfRulesOpenToAll,
  warnOfVisitorsWithoutTenant,
  warnOfUpdatesUnread,
  warnOfAnyOfBeforeOthers,
  warnOfCrossedReserves,
  warnOfGuardedUniques,
]

/** Reports every mistake in roles, actor and policies. */
export function verifyPolicies(app: LoadedApp, model: Model, problems: Problems): void {
  const check = verification(app, model, problems)
  for (const verify of checks) verify(check)
}

/** What to tell of an app whose policies are sound. */
export function warnOfPolicies(app: LoadedApp, model: Model, problems: Problems): void {
  const check = verification(app, model, problems)
  for (const warn of warnings) warn(check)
}
