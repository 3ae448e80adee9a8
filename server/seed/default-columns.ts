import { type Sql, sql } from '#base'
import { conditionToSql, defaultToSql, indexModel, type RowReference, rowActor, type Scope } from '#policies'
import type { Entity, Model } from '#schema'

/** True when a field's default is a formula. */
export function hasDefaultFormulas(entity: Entity): boolean {
  return entity.fields.some((field) => field.default?.kind === 'expression')
}

/**
 * What fields with a formula as default become in `r`, a row of a stage that came without them. A formula that reads another such
 * field reads what that one becomes.
 */
export function defaultColumns(
  model: Model,
  entity: Entity,
): readonly { readonly column: string; readonly value: Sql }[] {
  const made = entity.fields.flatMap((field) =>
    field.default?.kind === 'expression' ? [{ ...field, expression: field.default.expression }] : [],
  )
  if (made.length === 0) return []
  const row: RowReference = {
    column: (name) => {
      const field = made.find(({ column }) => column === name)
      return field === undefined ? sql`r.${sql.identifier(name)}` : filled(field)
    },
  }
  const scope: Scope = { index: indexModel(model), entity, row, actor: rowActor, related: 'inline', depth: 0 }
  const filled = (field: (typeof made)[number]): Sql =>
    sql`coalesce(r.${sql.identifier(field.column)}, ${defaultToSql(field, scope, conditionToSql)})`
  return made.map((field) => ({ column: field.column, value: filled(field) }))
}
