import { didYouMeanHint } from '../complete/hint.ts'
import { isRemovable } from '../model/built-ins.ts'
import { columnFields } from '../model/column-fields.ts'
import type { Entity } from '../model/model.ts'
import type { Verification } from './context.ts'

/** Rows end at an instant or a day of their own, and leave their unique values to others when they do. */
export function verifyExpires({ model, problems }: Verification): void {
  for (const entity of model.entities) {
    const { name, expires } = entity
    if (expires === null) continue
    const path = [name, 'expires']
    const fields = columnFields(entity).filter(({ builtIn }) => !builtIn)
    const moments = fields.filter(({ type }) => type.kind === 'datetime' || type.kind === 'date')
    const field = fields.find((each) => each.name === expires)
    if (field === undefined) {
      const hint = didYouMeanHint(
        expires,
        moments.map((each) => each.name),
      )
      problems.report('NAME_UNKNOWN', { path }, `"${name}" has no field "${expires}".`, { hint })
    } else if (!moments.includes(field)) {
      const message = `"${expires}" is neither an instant nor a day, so no row ends there.`
      const hint = 'Name a field that is `datetime()` or `date()`.'
      problems.report('EXPIRES_FIELD_INVALID', { path }, message, { hint })
    } else if (holdsOn(entity)) {
      const message = `An expired row of "${name}" would keep its unique values for good: it cannot be marked as removed.`
      const hint = 'Leave `immutable`, or `deletedAt: false`, out; or leave out what is unique.'
      problems.report('EXPIRES_UNIQUE_KEPT', { path }, message, { hint })
    }
  }
}

function holdsOn(entity: Entity): boolean {
  return entity.unique.length > 0 && (entity.immutable || !isRemovable(entity))
}
