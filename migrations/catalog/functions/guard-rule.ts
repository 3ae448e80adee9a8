import { type Sql, sql, toText } from '#base'
import { inAudienceToSql, type ModelIndex } from '#policies'
import type { Entity, Rule } from '#schema'
import { commentText } from '../../render/comment-text.ts'
import { valueAt } from '../copied.ts'
import { defaultSql, type WritableColumn } from '../writable-columns.ts'
import { defaultFormula } from './default-fills.ts'
import type { GuardPresets } from './guard-presets.ts'
import { rowScope } from './guard-scope.ts'
import { namedColumns } from './guarded-commands.ts'

/** What an uncovered column must hold: its default, which for one by formula or copy was filled in just before. */
export function defaultIn(column: WritableColumn, entity: Entity, index: ModelIndex): Sql {
  const field = entity.fields.find((each) => each.column === column.column)
  if (field === undefined) return defaultSql(column)
  if (field.from !== null) return valueAt(field.from, entity, index)
  return defaultFormula(field, entity, index) ?? defaultSql(column)
}

/** That the one value is not the other, nulls compared too. */
export function isOther(value: Sql, than: Sql): Sql {
  return sql`${value} is distinct from ${than}`
}

/**
 * Whether an update says something of a column. Of one that is hidden from somebody it counts that it is named: that an update succeeds
 * with the right value alone would tell the value.
 */
export function changes(entity: Entity, index: ModelIndex): (column: WritableColumn, value: Sql) => Sql {
  const { row } = rowScope(entity, index, 'old')
  const named = new Set(namedColumns(entity, index).map(({ column }) => column))
  return (each, value) => (named.has(each.column) ? isNamed(each) : isOther(value, row.column(each.column)))
}

/** Whether the update names the column; a trigger before this one tells. */
export function isNamed({ column }: WritableColumn): Sql {
  return sql`${sql.literal(column)} = any (named)`
}

/** The caller gives nothing else than the rule, and what the rule gives is there. */
export function asGiven({ differing, reachable }: GuardPresets): readonly Sql[] {
  return [...differing.map(({ isGiven }) => sql`(${isGiven}) is not true`), ...reachable]
}

/** Lets the change pass where the caller is of the audience and all that the rule wants holds. */
export function ruleBranch(
  rule: Rule,
  matches: Sql,
  statements: readonly Sql[],
  presets: GuardPresets,
): readonly string[] {
  return [
    `    -- ${commentText(rule.title)}`,
    `    if ${toText(inAudienceToSql(rule.audience, sql`caller`))} then`,
    ...presets.give,
    `      if ${toText(matches)} then`,
    ...statements.map((statement) => `        ${toText(statement)}`),
    '        return new;',
    '      end if;',
    ...presets.take,
    '    end if;',
  ]
}
