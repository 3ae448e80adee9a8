import { Bug, type Sql, sql } from '#base'
import { isHistory, isShared } from '#schema'
import type { CompileCondition, Scope } from './scope.ts'
import { may } from './verb-match.ts'

/**
 * That the caller may do the verb on the row, as the rules of its entity say: what some rule allows and none denies. Whether the row is
 * live says whoever leads to it.
 */
export function mayOnRowToSql(verb: string, scope: Scope, test: CompileCondition): Sql {
  const { entity, judging = [] } = scope
  const asked = `${entity.name}.${verb}`
  // The loader refuses circles; one that got through must not become a statement without end.
  if (judging.includes(asked)) throw new Bug(`The rules of "${asked}" ask for themselves.`)
  if (entity.link !== null || isHistory(entity)) throw new Bug(`"${entity.name}" has no rules of its own.`)
  // The rules of that row are about that row.
  const { rule: _, before: __, gate: ___, ...rest } = scope
  const inner: Scope = { ...rest, judging: [...judging, asked] }
  const does = sql`(${may(verb, inner, { test })})`
  const writes = verb !== 'read' && verb !== 'create'
  // Rows of all are nobody's to change.
  return isShared(entity) && writes ? sql`(${does} and not ${scope.row.column('is_shared')})` : does
}
