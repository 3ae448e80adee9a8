import { type Entity, type EntityMap, type FieldType, linkColumnOf } from '#schema'
import { idFieldName } from './api-names.ts'
import { isPatchable, oneOfSides, singleToOnes } from './one-of.ts'

/** A field or to-one relation as callers write it. */
export interface WritableField {
  /** `unitPrice`, `customerId` */
  readonly name: string
  /** `unit_price`, `customer_id` */
  readonly column: string
  readonly type: FieldType
  /** Type of the column where it is not the one that the type means. */
  readonly columnType: string | null
  /** True when a new row cannot do without: neither optional nor with a default. */
  readonly required: boolean
  /** Accepted when the row is made, never afterwards. */
  readonly readonly: boolean
  readonly note: string | null
  readonly deprecated: string | null
}

/** What callers may write, in order of declaration. Built-in fields and the state of a lifecycle are never among it. */
export function writableFields(entity: Entity, entities: EntityMap): readonly WritableField[] {
  const fields = entity.fields
    .filter((field) => !field.builtIn && field.numbering === null)
    .map((field) => ({ ...field, required: !field.optional && field.default === null && field.from === null }))
  const links = singleToOnes(entity).map((relation) => ({
    ...relation,
    ...linkColumnOf(relation, entities),
    name: idFieldName(relation),
    required: !relation.optional && relation.default === null,
  }))
  return [...fields, ...links].map(({ name, column, type, columnType, required, readonly, note, deprecated }) => ({
    name,
    column,
    type,
    columnType,
    required,
    readonly,
    note,
    deprecated,
  }))
}

/** What callers may change on a row that exists. */
export function patchableFields(entity: Entity, entities: EntityMap): readonly WritableField[] {
  return writableFields(entity, entities).filter((field) => !field.readonly)
}

/** True when there is anything that callers may change on a row that exists. */
export function hasPatch(entity: Entity, entities: EntityMap): boolean {
  return patchableFields(entity, entities).length > 0 || oneOfSides(entity).some((side) => isPatchable(entity, side))
}
