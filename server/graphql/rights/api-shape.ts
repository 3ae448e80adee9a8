import type { RowShape } from '#policies'
import { type Entity, type Model, toOnesOf } from '#schema'
import { idFieldName, shownFields } from '../api-names.ts'
import { changeableLinks } from '../links.ts'

/**
 * Rows as the API answers them: ids of to-ones, and choices by the names of their enums.
 *
 * @param nameOf name of a value of an enum
 */
export function apiShape(model: Model, nameOf: (type: string, value: string) => string | null): RowShape {
  return {
    field(entity, name) {
      const one = toOnesOf(entity).find((each) => each.name === name)
      if (one !== undefined) return idFieldName(one)
      const link = changeableLinks(model, entity).find(({ relation }) => relation.name === name)
      if (link !== undefined) return link.idsName
      return isHiddenField(entity, name) ? null : name
    },
    choice: (type, value) => nameOf(type.enum, value),
  }
}

function isHiddenField(entity: Entity, name: string): boolean {
  const held = entity.fields.find((field) => field.name === name)
  // Whoever writes a secret calls it by its name.
  return held !== undefined && held.type.kind !== 'secret' && !shownFields(entity).includes(held)
}
