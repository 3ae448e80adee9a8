import type { Entity, Field, FieldType } from './model.ts'

/** A value object's type. */
export type EmbedType = Extract<FieldType, { readonly kind: 'embed' }>

/** A field that is a value object. */
export type EmbedField = Field & { readonly type: EmbedType }

/** True for a field that is a value object: its parts have the columns. */
export function isEmbed(field: Field): field is EmbedField {
  return field.type.kind === 'embed'
}

/**
 * The fields of an entity that have a column, in order: in the place of a value object its parts, named by their path
 * (`delivery.city`). Whatever makes, grants, guards, reads or writes columns asks here, so that no part is forgotten.
 */
export function columnFields({ fields }: Pick<Entity, 'fields'>): readonly Field[] {
  const made = known.get(fields) ?? fields.flatMap(leavesOf)
  known.set(fields, made)
  return made
}

// Asked for every column of every rule; nobody changes a list of fields once it is made.
const known = new WeakMap<readonly Field[], readonly Field[]>()

/** The parts of a value object that have a column, those of objects inside of it too; of any other field the field itself. */
export function leavesOf(field: Field): readonly Field[] {
  return isEmbed(field) ? membersOf(field).flatMap(leavesOf) : [field]
}

/**
 * The parts that were declared in a value object, named by their path. A part may be null where its object may be absent,
 * and cannot be changed where its object cannot.
 */
export function membersOf(field: EmbedField): readonly Field[] {
  const within = (name: string) => `${field.name}.${name}`
  // A currency stands beside its amount, unless the way to it leads out of the object.
  const isBeside = (type: FieldType): type is FieldType & { readonly kind: 'money'; readonly in: string } =>
    type.kind === 'money' && field.type.fields.some(({ name }) => name === type.in)
  return field.type.fields.map((part) => ({
    ...part,
    name: within(part.name),
    type: isBeside(part.type) ? { ...part.type, in: within(part.type.in) } : part.type,
    optional: part.optional || field.optional,
    readonly: part.readonly || field.readonly,
  }))
}

/** Parts that are there whenever the value object is; the first one decides whether it is. */
export function requiredParts(field: EmbedField): readonly Field[] {
  return leavesOf({ ...field, optional: false }).filter((part) => !part.optional)
}

/** The field with a column of that name or path, or undefined. */
export function columnField(entity: Pick<Entity, 'fields'>, path: string): Field | undefined {
  return columnFields(entity).find(({ name }) => name === path)
}

/** Every value object of an entity, each before those inside of it, named by its path. */
export function embedsOf(entity: Pick<Entity, 'fields'>): readonly EmbedField[] {
  return entity.fields.flatMap(embedsIn)
}

function embedsIn(field: Field): readonly EmbedField[] {
  return isEmbed(field) ? [field, ...membersOf(field).flatMap(embedsIn)] : []
}

/** The fields of a list of names, where a value object stands for all of its parts. */
export function spelledOut(entity: Pick<Entity, 'fields'>, names: readonly string[]): readonly string[] {
  const embeds = embedsOf(entity)
  return names.flatMap((name) => {
    const embed = embeds.find((each) => each.name === name)
    return embed === undefined ? [name] : leavesOf(embed).map((part) => part.name)
  })
}

/** Where a field was written: `['Order', 'fields', 'delivery', 'city']`. */
export function pathOfField(entity: Pick<Entity, 'name'>, name: string): readonly string[] {
  return [entity.name, 'fields', ...name.split('.')]
}
