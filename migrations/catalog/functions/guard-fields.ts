import { type Sql, sql, toText } from '#base'
import { inAudienceToSql } from '#policies'
import type { Rule } from '#schema'
import { commentText } from '../../render/comment-text.ts'

/** A field that a rule does not cover, with SQL that is true when the caller gave it another value than it had. */
export interface BeyondRule {
  readonly name: string
  readonly isGiven: Sql
}

/**
 * Lines that keep in `fewest` the fields that stand between a change and the rule, where there are fewer than for the rules before. The rule
 * is one for the caller, and its conditions hold: whoever leaves these fields out is let through, so their names tell nothing more.
 *
 * @param matches SQL that is true when the rule's conditions hold
 */
export function fewestRefused(rule: Rule, matches: Sql, beyond: readonly BeyondRule[]): readonly string[] {
  if (beyond.length === 0) return []
  const names = beyond.map(({ name, isGiven }) => toText(sql`case when ${isGiven} then ${sql.literal(name)} end`))
  return [
    `    -- ${commentText(rule.title)}`,
    `    if ${toText(inAudienceToSql(rule.audience, sql`caller`))} then`,
    `      if ${toText(matches)} then`,
    `        refused := array_remove(array[${names.join(', ')}]::text[], null);`,
    '        if fewest is null or cardinality(refused) < cardinality(fewest) then fewest := refused; end if;',
    '      end if;',
    '    end if;',
  ]
}
