import type { Field, FieldType, Model, ModelPath, ShapePart } from '../model/model.ts'
import { everyField } from './every-field.ts'

/** A type, alone or inside of others. */
export interface TypePlace {
  readonly type: FieldType
  /** Where it was written: `['Customer', 'fields', 'address', 'parts', 'street']`. */
  readonly path: ModelPath
  /** Field that it is part of. */
  readonly field: Field
  /** What it stands in; null for the type of the field itself. */
  readonly inside: 'list' | 'shape' | 'dict' | null
  /** Parts beside it, of the innermost shape around it. */
  readonly beside: readonly ShapePart[] | null
}

/** Types of declared fields and inputs of actions, and all that is inside of them, outermost first. */
export function everyType(model: Model): readonly TypePlace[] {
  return everyField(model).flatMap(({ field, path }) =>
    withInner({ type: field.type, path, field, inside: null, beside: null }),
  )
}

function withInner(place: TypePlace): readonly TypePlace[] {
  return [place, ...innerOf(place).flatMap(withInner)]
}

function innerOf({ type, path, field, beside }: TypePlace): readonly TypePlace[] {
  switch (type.kind) {
    case 'list':
      return [{ type: type.of, path: [...path, 'of'], field, inside: 'list', beside }]
    case 'dict':
      return type.values === null
        ? []
        : [{ type: type.values, path: [...path, 'values'], field, inside: 'dict', beside }]
    case 'shape':
      return type.parts.map((part) => ({
        type: part.type,
        path: [...path, 'parts', part.name],
        field,
        inside: 'shape',
        beside: type.parts,
      }))
    default:
      return []
  }
}
