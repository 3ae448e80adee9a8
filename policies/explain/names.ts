import { type ActorValue, columnField, type Entity, type FieldType, type Model, toOnesOf } from '#schema'

/** `creditLimit` → `credit limit`, `OrderLine` → `order line`. */
export function spaced(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
}

/** What a row of an entity is called: its label, or its name in words. */
export function rowWords({ label, name }: Pick<Entity, 'label' | 'name'>): string {
  return label ?? spaced(name)
}

/** The same with `a` or `an`. */
export function aRow(entity: Pick<Entity, 'label' | 'name'>): string {
  const words = rowWords(entity)
  return `${/^[aeio]|^u(?!ni|se)/i.test(words) ? 'an' : 'a'} ${words}`
}

/** What several rows of an entity are called. */
export function rowsWords({ label, plural }: Pick<Entity, 'label' | 'plural'>): string {
  return label === null ? spaced(plural) : `rows of ${label}`
}

const builtIns: Readonly<Record<string, string>> = {
  createdAt: 'time of creation',
  updatedAt: 'time of the last change',
  deletedAt: 'time of removal',
}

/** What a field, a part of a value object, a computed field or a relation is called; its name in words where it has no label. */
export function partWords(entity: Entity, name: string): string {
  const found = partOf(entity, name)
  if (found?.label != null) return found.label
  if (builtIns[name] !== undefined && entity.fields.some((field) => field.name === name && field.builtIn))
    return builtIns[name]
  return name.split('.').map(spaced).join("'s ")
}

function partOf(entity: Entity, name: string): { readonly label: string | null } | undefined {
  return (
    columnField(entity, name) ??
    entity.computed.find((each) => each.name === name) ??
    entity.relations.find((each) => each.name === name)
  )
}

/** True where a comparison with the part may find nothing. */
export function mayBeMissing(entity: Entity, name: string): boolean {
  const part =
    columnField(entity, name) ??
    entity.computed.find((each) => each.name === name) ??
    toOnesOf(entity).find((each) => each.name === name)
  return part?.optional === true
}

/** What a field, a part of a value object or a computed field holds; null for relations and keys. */
export function typeOfPart(entity: Entity, name: string): FieldType | null {
  const states = entity.lifecycle !== null && name === 'status' ? entity.lifecycle : null
  if (states !== null) return { kind: 'choice', enum: states.enum, values: states.states }
  return columnField(entity, name)?.type ?? entity.computed.find((each) => each.name === name)?.type ?? null
}

/** The value of the actor of that name. */
export function actorValue(model: Pick<Model, 'actor'>, name: string): ActorValue | null {
  return model.actor?.values.find((value) => value.name === name) ?? null
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[], last: 'and' | 'or' | 'nor' = 'and'): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}

/** With a capital in front. */
export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
