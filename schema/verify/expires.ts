import { isRemovable } from '../model/built-ins.ts'
import { columnFields } from '../model/column-fields.ts'
import type { Entity } from '../model/model.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'
import { columnHint } from './part-hint.ts'

/** Rows end at an instant or a day of their own, and leave their unique values to others when they do. */
export function verifyExpires({ model, problems }: Verification): void {
  for (const entity of model.entities) {
    const { name, expires } = entity
    if (expires === null) continue
    const path = [name, 'expires']
    const fields = columnFields(entity).filter(({ builtIn }) => !builtIn)
    const moments = fields.filter(({ type }) => type.kind === 'datetime' || type.kind === 'date')
    const field = fields.find((each) => each.name === expires)
    if (entity.fields.some((each) => each.builtIn && each.name === expires)) {
      const message = `"${expires}" is written by Rowhouse and says nothing of the end of a row.`
      const hint = 'Give the rows an end of their own: validUntil: datetime({ default: ahead({ days: 30 }) }).'
      problems.report('EXPIRES_FIELD_INVALID', { path }, message, { hint })
    } else if (field === undefined) {
      const names = moments.map((each) => each.name)
      const hint =
        names.length === 0 ? 'Give the rows an end: validUntil: datetime().' : columnHint(entity, expires, names)
      problems.report('NAME_UNKNOWN', { path }, `"${name}" has no field "${expires}".`, { hint })
    } else if (!moments.includes(field)) {
      const message = `"${expires}" is neither an instant nor a day, so no row ends there.`
      const hint = 'Name a field that is `datetime()` or `date()`.'
      problems.report('EXPIRES_FIELD_INVALID', { path }, message, { hint })
    } else {
      for (const each of withParts(entity, model.entities)) {
        const hint = hintOf(each)
        if (hint === null) continue
        const whose = each === entity ? `An expired row of "${name}"` : `A part "${each.name}" of an expired "${name}"`
        const message = `${whose} would keep its unique values and periods for good: to mark it as removed frees none.`
        problems.report('EXPIRES_UNIQUE_KEPT', { path }, message, { hint })
      }
    }
  }
}

/** The entity with all whose rows go out of sight with its own. */
function withParts(root: Entity, entities: readonly Entity[]): readonly Entity[] {
  const found = [root]
  // Grows while it is read.
  for (const whole of found)
    for (const each of entities)
      if (!found.includes(each) && toOnesOf(each).some((one) => one.part && one.to === whole.name)) found.push(each)
  return found
}

/** How to mend that expired rows stand in the way of others; null where they do not. */
function hintOf(entity: Entity): string | null {
  const { unique, noOverlap, source } = entity
  if (!unique.some(({ removed }) => removed === 'ignored') && noOverlap.length === 0) return null
  // Its indexes are those that were there, and count removed rows.
  if (source.kind === 'adopted') return "Leave out what is unique; the table's own keys stay, and count expired rows."
  if (isRemovable(entity)) return null
  return 'Leave `immutable`, or `deletedAt: false`, out; or leave out what is unique or may not overlap.'
}
