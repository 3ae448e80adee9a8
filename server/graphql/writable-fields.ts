import {
  type Entity,
  type EntityMap,
  type Field,
  type FieldType,
  linkColumnOf,
  type Model,
  ruleCovers,
  rulesFor,
  toOnesOf,
} from '#schema'
import { idFieldName } from './api-names.ts'
import { isPatchable as isPatchableSide, oneOfSides, singleToOnes } from './one-of.ts'

type EmbedType = Extract<FieldType, { readonly kind: 'embed' }>

/** A field or to-one relation as callers write it. */
export interface WritableField {
  /** `unitPrice`, `customerId` */
  readonly name: string
  /** `unit_price`, `customer_id`; of a value object, what the columns of its parts begin with. */
  readonly column: string
  readonly type: FieldType
  /** Type of the column where it is not the one that the type means. */
  readonly columnType: string | null
  /** True where null is a value, or empties a value object. */
  readonly optional: boolean
  /** True when a new row cannot do without: neither optional nor with a default. */
  readonly required: boolean
  /** Accepted when the row is made, never afterwards. */
  readonly readonly: boolean
  readonly note: string | null
  readonly deprecated: string | null
}

/** What callers may write, in order of declaration. Built-in fields and the state of a lifecycle are never among it. */
export function writableFields(entity: Entity, entities: EntityMap): readonly WritableField[] {
  const known = found.get(entity)
  if (known !== undefined) return known
  const fields = findWritable(entity, entities)
  found.set(entity, fields)
  return fields
}

/** Asked for each row that is written. */
const found = new WeakMap<Entity, readonly WritableField[]>()

function findWritable(entity: Entity, entities: EntityMap): readonly WritableField[] {
  const fields = entity.fields.filter((field) => !field.builtIn && field.numbering === null).map(writable)
  const links = singleToOnes(entity).map((relation) => ({
    ...relation,
    ...linkColumnOf(relation, entities),
    name: idFieldName(relation),
    required: !relation.optional && relation.default === null,
  }))
  return [...fields, ...links].map(
    ({ name, column, type, columnType, optional, required, readonly, note, deprecated }) => ({
      name,
      column,
      type,
      columnType,
      optional,
      required,
      readonly,
      note,
      deprecated,
    }),
  )
}

/** The parts of a value object as callers write them, by their names inside of it. */
export function writableParts(type: EmbedType): readonly WritableField[] {
  return type.fields.map(writable)
}

/** Those parts that callers may change on a row that exists. */
export function patchableParts(type: EmbedType): readonly WritableField[] {
  return writableParts(type).filter(isPatchable)
}

function writable(field: Field): WritableField {
  const { type } = field
  const isGiven =
    type.kind === 'embed'
      ? writableParts(type).some((part) => part.required)
      : field.default === null && field.from === null
  return { ...field, required: !field.optional && isGiven }
}

function isPatchable({ readonly, type }: WritableField): boolean {
  return !readonly && (type.kind !== 'embed' || patchableParts(type).length > 0)
}

/** What callers may change on a row that exists. */
export function patchableFields(entity: Entity, entities: EntityMap): readonly WritableField[] {
  return writableFields(entity, entities).filter(isPatchable)
}

/** True when there is anything that callers may change on a row that exists. */
export function hasPatch(entity: Entity, entities: EntityMap): boolean {
  if (patchableFields(entity, entities).length > 0) return true
  return oneOfSides(entity).some((side) => isPatchableSide(entity, side))
}

/** Columns that some rule gives a new row: whoever it is for says nothing of them. */
export function presetColumns(model: Model, entity: Entity): ReadonlySet<string> {
  const rules = rulesFor(model, entity).filter((rule) => ruleCovers(entity, rule, 'create'))
  const names = new Set(rules.flatMap(({ sets }) => sets.map(({ name }) => name)))
  return new Set(
    [...entity.fields, ...toOnesOf(entity)].flatMap(({ name, column }) => (names.has(name) ? [column] : [])),
  )
}
