import { builtInField, type Entity, isZoneless } from '#schema'
import { utcText } from '../../structures/utc-text.ts'

/** The field of inputs that says when the caller's copy of the row was changed. */
export const expectationName = 'ifUpdatedAt'

/** True where a change of a row may say what it expects: rows know when they were changed, and the caller could read it. */
export function mayExpect(entity: Entity, verb: string): boolean {
  // Nobody reads a removed row, so nobody knows when it was changed.
  return (verb === 'update' || verb === 'delete' || verb === 'remove') && builtInField(entity, 'updatedAt') !== null
}

/** What the platform's functions are told beside the columns of a key: under a name that no column has, how the row is expected to be. */
export function expectation(entity: Entity, ifUpdatedAt: unknown): Readonly<Record<string, unknown>> {
  const field = builtInField(entity, 'updatedAt')
  if (field === null || ifUpdatedAt === null || ifUpdatedAt === undefined) return {}
  return { '': { [field.column]: isZoneless(field) ? utcText(ifUpdatedAt as string) : ifUpdatedAt } }
}
