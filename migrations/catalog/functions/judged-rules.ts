import { canonicalJson, type Sql, toText } from '#base'
import { allOf, allowsToSql, becomingToSql, readsBefore, type Scope } from '#policies'
import type { Rule } from '#schema'
import { byPresets } from './guard-presets.ts'

/** A rule of updates as the guard judges it. */
export interface JudgedRule {
  readonly rule: Rule
  /** Its conditions on the old and the new row. */
  readonly matches: Sql
  /**
   * Rules with other conditions. A caller who holds none of these has row policies with these conditions alone, on both rows, so they are
   * not judged again. Null where that spares nothing, and where policies do not say all: the rule compares with the old row, or gives values.
   */
  readonly others: readonly Rule[] | null
}

/** In the order in which they are tried: those that leave most to the caller, then those without a select for each row. */
export function judgedRules(rules: readonly Rule[], before: Scope, after: Scope): readonly JudgedRule[] {
  const judged = rules.map((rule) => {
    const matches = allOf([allowsToSql(rule, before), becomingToSql(rule, after)])
    return { rule, matches, text: toText(matches) }
  })
  const told = judged.map(({ rule, matches, text }): JudgedRule => {
    const others = judged.filter((other) => other.text !== text || !isSaid(other.rule)).map((other) => other.rule)
    const canBeAlone = others.every(({ audience }) => canonicalJson(audience) !== canonicalJson(rule.audience))
    return { rule, matches, others: isSaid(rule) && looksUp(matches) && canBeAlone ? others : null }
  })
  const order = byPresets(rules)
  const rank = ({ rule, matches }: JudgedRule) => [rule.sets.length, looksUp(matches) ? 1 : 0, order.indexOf(rule)]
  return told.toSorted((a, b) => firstDifference(rank(a), rank(b)))
}

/** Then plpgsql runs a statement for it, for each row. */
function looksUp(matches: Sql): boolean {
  return /\bselect\b/.test(toText(matches))
}

function firstDifference(a: readonly number[], b: readonly number[]): number {
  return a.map((each, at) => each - b[at]!).find((each) => each !== 0) ?? 0
}

/** Whether the row policies of the rule say all of it but for the fields. */
export function isSaid({ becoming, sets }: Rule): boolean {
  return sets.length === 0 && (becoming === null || becoming === 'anything' || !readsBefore(becoming))
}
