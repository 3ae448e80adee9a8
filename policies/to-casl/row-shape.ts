import type { Entity, FieldType } from '#schema'

type Choice = Extract<FieldType, { readonly kind: 'choice' }>

/** How rows look where the rules will be asked: names and values of an interface. */
export interface RowShape {
  /** What a field, built-in field or to-one relation is called; null where rows do not show it. */
  field(entity: Entity, name: string): string | null
  /** What a value of a choice is called; null where it has no name. */
  choice(type: Choice, value: string): string | null
}

/** Rows by the names of the model. */
export const modelShape: RowShape = { field: (_entity, name) => name, choice: (_type, value) => value }
