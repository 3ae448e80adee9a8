import type { FieldDeclaration } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import type { Field, FieldType, ModelPath } from '../model/model.ts'
import type { Options } from './options.ts'

/** A completed field, with the wishes that the entity keeps: uniqueness and an index of its own. */
export interface CompletedField {
  readonly field: Field
  readonly unique: boolean
  readonly index: boolean
}

/** Where a field stands, and what reports about it go to. */
export interface FieldContext {
  /** `Order`; names enums together with the field. */
  readonly owner: string
  readonly name: string
  readonly path: ModelPath
  readonly problems: Problems
  /** Reads the type of a field that lies in this one. */
  readonly readType: (field: FieldDeclaration, options: Options, context: FieldContext) => FieldType | null
  /** How many value objects the field lies in, itself included. */
  readonly depth: number
  /** Reads the fields inside of this one, whose types are named after `owner`. */
  readonly readParts: (entries: readonly (readonly [string, unknown])[], owner: string) => readonly CompletedField[]
}
