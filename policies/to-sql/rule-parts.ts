import type { Rule } from '#schema'
import { markersOf } from './marker-roles.ts'
import type { Scope } from './scope.ts'
import { type RulePart, writtenParts } from './written-parts.ts'

/**
 * An allow that asks for a right on another row (`{ order: may('read') }`), written out for each rule that gives the right: row
 * policies are made per role, so whoever sees all orders looks none up. One part, the rule itself, where that says no
 * more: `may` stands in a deny, under `not` or `or`, twice, or a denial speaks there too.
 */
export function rulePartsOf(rule: Rule, scope: Scope): readonly RulePart[] {
  return writtenParts(rule, scope, markersOf(scope.index)).map(({ holders: _, ...part }) => part)
}
