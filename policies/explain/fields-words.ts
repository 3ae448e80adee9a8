import type { Entity } from '#schema'
import { coverableNames } from '../model/coverable.ts'
import { listed, partWords } from './names.ts'

/** The fields of a rule, told by whichever list is shorter: `only margin`, `everything but margin`. */
export function fieldsWords(fields: readonly string[], entity: Entity): string {
  const all = coverableNames(entity)
  const left = all.filter((name) => !fields.includes(name))
  const words = (names: readonly string[]) => listed(names.map((name) => partWords(entity, name)))
  // Targets of a `oneOf` stand beside it in the model.
  const told = fields.filter((name) => all.includes(name) || !isTarget(entity, name))
  if (left.length > 0 && left.length < told.length) return `every field but ${words(left)}`
  return left.length === 0 ? 'every field' : `only ${words(told)}`
}

function isTarget({ relations }: Entity, name: string): boolean {
  return relations.some((each) => each.kind === 'oneOf' && each.targets.some(({ relation }) => relation === name))
}
