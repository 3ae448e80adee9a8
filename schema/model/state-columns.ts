import { columnField, embedsOf, leavesOf } from './column-fields.ts'
import type { Entity } from './model.ts'
import { toOnesOf } from './to-ones.ts'

/** Columns behind what a state requires or freezes: of a value object all of its parts. Empty: it is nothing that a row holds. */
export function stateColumns(entity: Entity, name: string): readonly string[] {
  const one = toOnesOf(entity).find((each) => each.name === name)
  if (one !== undefined) return [one.column]
  const embed = embedsOf(entity).find((each) => each.name === name)
  if (embed !== undefined) return leavesOf(embed).map(({ column }) => column)
  const field = columnField(entity, name)
  if (field === undefined || field === null || field.builtIn || field.type.kind === 'secret') return []
  return [field.column]
}
