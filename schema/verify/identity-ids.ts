import { builtInField } from '../model/built-ins.ts'
import type { Entity } from '../model/model.ts'
import { hasTenant } from '../model/tenancy.ts'
import type { Verification } from './context.ts'

/**
 * All tenants draw from one sequence, also for creates that are refused: whoever may create takes numbers away from everybody.
 * Of an adopted table nothing is said, because its type is not the model's to choose.
 */
export function verifyIdentityIds({ model, problems }: Verification): void {
  for (const entity of model.entities) {
    if (bitsOf(entity) !== 16) continue
    const message = `32,767 ids are all that the tenants of "${entity.name}" have together: refused creates of one use up those of all.`
    const hint = "Say `id: 'int64'`, or leave `id` out for uuids, which tell nothing."
    problems.report('ENTITY_ID_TOO_SMALL', { path: [entity.name, 'id'] }, message, { hint })
  }
}

/** Two thousand million take a while, and are not without an end. */
export function warnOfNarrowIds({ model, problems }: Verification): void {
  for (const entity of model.entities) {
    if (bitsOf(entity) !== 32) continue
    const message = `All tenants of "${entity.name}" share 2,147,483,647 ids, and refused creates use them up too.`
    const hint = "Say `id: 'int64'`, or leave `id` out for uuids, which tell nothing."
    problems.warn('ENTITY_ID_NARROW', { path: [entity.name, 'id'] }, message, { hint })
  }
}

/** Size of an id that tenants share, in bits; null where ids are uuids, are given by callers, or belong to no tenant. */
function bitsOf(entity: Entity): 16 | 32 | 64 | null {
  const id = builtInField(entity, 'id')
  if (entity.source.kind !== 'table' || !hasTenant(entity) || id?.default?.kind !== 'identity') return null
  if (id.columnType === 'smallint') return 16
  return id.type.kind === 'int' ? 32 : 64
}
