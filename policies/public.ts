/** What an app's `policies/*.ts` import as `rowhouse/policies`. */
export { ago, ahead, amount, eur, its, now, row, usd, was } from '#schema'
export { defineActions } from './dsl/actions.ts'
export { defineActor, words } from './dsl/actor.ts'
export { condition } from './dsl/condition.ts'
export { may } from './dsl/may.ts'
export { policy } from './dsl/policy.ts'
export {
  type PolicyTest,
  type PolicyTestActor,
  type PolicyTestDeclaration,
  type PolicyTestRow,
  type PolicyTestRowOf,
  policyTest,
} from './dsl/policy-test.ts'
export { defineRoles } from './dsl/roles.ts'
export { anything, everyone, everyoneExcept, signedIn } from './dsl/words.ts'
export type { AppAction } from './types/app-action.ts'
export type { PolicyOptions, Rule } from './types/rule.ts'
