import { type Sql, sql, toText } from '#base'
import { allOf, allowing, allowsToSql, becomingToSql, inAudienceToSql, type ModelIndex } from '#policies'
import type { Entity, Rule } from '#schema'
import { commentText } from '../../render/comment-text.ts'
import { uncovered, updatable } from '../writable-columns.ts'
import { fewestRefused } from './guard-fields.ts'
import { guardPresets } from './guard-presets.ts'
import { asGiven, changes, isNamed, ruleBranch } from './guard-rule.ts'
import { rowScope } from './guard-scope.ts'
import { namedColumns } from './guarded-commands.ts'
import { judgedRules } from './judged-rules.ts'

/** One branch for each rule that allows updating: the first that holds lets the change pass. */
export function updateBranch(entity: Entity, index: ModelIndex): readonly string[] {
  const before = rowScope(entity, index, 'old')
  const after = { ...rowScope(entity, index, 'new'), before: before.row }
  const named = new Set(namedColumns(entity, index).map(({ column }) => column))
  const isChanged = changes(entity, index)
  const rules = judgedRules(allowing('update', after), before, after)
  return rules.flatMap(({ rule, matches, others }) => {
    const unchanged = uncovered(rule, updatable(entity, index)).map((each) =>
      named.has(each.column)
        ? sql`not (${isNamed(each)})`
        : sql`${after.row.column(each.column)} is not distinct from ${before.row.column(each.column)}`,
    )
    const presets = guardPresets(rule, after, isChanged)
    const given = [...unchanged, ...asGiven(presets)]
    // As tests of their own: plpgsql decides those without a select by itself, one with a select is a statement.
    if (others === null) return ruleBranch(rule, allOf([...given, matches]), [], presets)
    return [
      `    -- ${commentText(rule.title)}`,
      `    if ${toText(allOf([inAudienceToSql(rule.audience, sql`caller`), ...given]))} then`,
      ...aloneLines(others),
      ...matchLines(matches),
      '    end if;',
    ]
  })
}

/** Of each rule that allows the change but for some fields, those fields. */
export function updateRefusals(entity: Entity, index: ModelIndex): readonly string[] {
  const before = rowScope(entity, index, 'old')
  const after = { ...rowScope(entity, index, 'new'), before: before.row }
  const isChanged = changes(entity, index)
  return allowing('update', after).flatMap((rule) => {
    const given = uncovered(rule, updatable(entity, index)).map((each) => ({
      name: each.name,
      isGiven: isChanged(each, after.row.column(each.column)),
    }))
    const presets = guardPresets(rule, after, isChanged)
    const matches = allOf([allowsToSql(rule, before), becomingToSql(rule, after), ...presets.reachable])
    return [...presets.give, ...fewestRefused(rule, matches, [...given, ...presets.differing]), ...presets.take]
  })
}

function matchLines(matches: Sql): readonly string[] {
  return [`      if ${toText(matches)} then`, '        return new;', '      end if;']
}

/** Row policies have held the old row and hold the new one to the conditions of the caller's rules: where those are one, to that one. */
function aloneLines(others: readonly Rule[]): readonly string[] {
  const held = others.map(({ audience }) => toText(inAudienceToSql(audience, sql`caller`)))
  const none = held.length === 0 ? 'true' : `not (${[...new Set(held)].join(' or ')})`
  return [`      if ${none} then`, '        return new;', '      end if;']
}
