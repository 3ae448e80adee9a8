/** What front ends import as `rowhouse/client`. It runs in browsers: of the rest of Rowhouse there are only types. */
export type { PackedAbilities, PackedConditions, PackedRule, PackedValue } from '#policies'
export type { EntityName } from '#schema'
export {
  type Abilities,
  type AbilityOptions,
  type Answer,
  abilities,
  type ClientRow,
  createAbility,
  type Fields,
} from './abilities.ts'
export { ask, type Question, type SendGraphql } from './ask.ts'
