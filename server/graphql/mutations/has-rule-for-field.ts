import { heldRoles } from '#policies'
import { type Entity, type Model, ruleCovers, rulesFor } from '#schema'
import { isIn } from '../hidden-entities.ts'

/** Who writes what. */
export interface FieldWrite {
  /** With all that rules say. */
  readonly model: Model
  /** Of the caller; null: a visitor. */
  readonly roles: readonly string[] | null
  readonly entity: Entity
  readonly verb: 'create' | 'update'
}

/** False where no rule lets callers with these roles write the field in any row, so that Postgres refuses whatever it is given. */
export function hasRuleForField({ model, roles, entity, verb }: FieldWrite, field: string): boolean {
  const held = roles === null ? null : heldRoles(model, roles)
  return rulesFor(model, entity).some(
    ({ effect, audience, fields, ...rule }) =>
      effect === 'allow' &&
      ruleCovers(entity, rule, verb) &&
      isIn(audience, held) &&
      (fields === null || fields.includes(field)),
  )
}
