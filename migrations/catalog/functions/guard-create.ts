import { type Sql, sql } from '#base'
import { allOf, allowing, allowsToSql, type ModelIndex } from '#policies'
import type { Entity, Rule } from '#schema'
import { creatable, defaultSql, uncovered, type WritableColumn } from '../writable-columns.ts'
import { fewestRefused } from './guard-fields.ts'
import { byPresets, guardPresets, neededTests } from './guard-presets.ts'
import { asGiven, defaultIn, isOther, ruleBranch } from './guard-rule.ts'
import { rowScope } from './guard-scope.ts'

/** One branch for each rule that allows creating: the first that holds lets the row pass. */
export function createBranch(entity: Entity, index: ModelIndex): readonly string[] {
  const scope = rowScope(entity, index, 'new')
  const columns = creatable(entity, index)
  const randoms = (rule: Rule): readonly WritableColumn[] => uncovered(rule, columns).filter((each) => each.isRandom)
  // The rule that leaves most to the caller comes first: a random default that a rule does not cover is drawn anew.
  const rules = byPresets([...allowing('create', scope)].sort((a, b) => randoms(a).length - randoms(b).length))
  const branch = (rule: Rule, needed: readonly Sql[]): readonly string[] => {
    const defaults = uncovered(rule, columns)
      .filter((each) => !each.isRandom)
      .map((each) => sql`${scope.row.column(each.column)} is not distinct from ${defaultIn(each, entity, index)}`)
    const redraw = randoms(rule).map((each) => sql`${scope.row.column(each.column)} := ${defaultSql(each)};`)
    const presets = guardPresets(rule, scope, (column, value) => isOther(value, defaultIn(column, entity, index)))
    const matches = allOf([allowsToSql(rule, scope), ...defaults, ...needed, ...asGiven(presets)])
    return ruleBranch(rule, matches, redraw, presets)
  }
  // Where no rule gives what is missing, the row fails for that, and not for want of a rule.
  const incomplete = rules.filter((rule) => neededTests(rule, rules, scope).length > 0)
  return [
    ...rules.flatMap((rule) => branch(rule, neededTests(rule, rules, scope))),
    ...incomplete.flatMap((rule) => branch(rule, [])),
  ]
}

/** Of each rule that allows the new row but for some fields, those fields. */
export function createRefusals(entity: Entity, index: ModelIndex): readonly string[] {
  const scope = rowScope(entity, index, 'new')
  return allowing('create', scope).flatMap((rule) => {
    const beyond = uncovered(rule, creatable(entity, index)).filter((each) => !each.isRandom)
    const given = beyond.map((each) => ({
      name: each.name,
      isGiven: sql`${scope.row.column(each.column)} is distinct from ${defaultIn(each, entity, index)}`,
    }))
    const presets = guardPresets(rule, scope, (column, value) => isOther(value, defaultIn(column, entity, index)))
    const matches = allOf([allowsToSql(rule, scope), ...presets.reachable])
    return [...presets.give, ...fewestRefused(rule, matches, [...given, ...presets.differing]), ...presets.take]
  })
}
