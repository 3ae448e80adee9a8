import { lowerFirst, upperFirst } from '#base'
import type { Entity, Field, ToOne } from '#schema'

/** Fields of an entity that the API shows; `deletedAt` is null for every row that a caller can read, and secrets are shown to nobody. */
export function shownFields(entity: Entity): readonly Field[] {
  return entity.fields.filter(({ name, builtIn, type }) => (name !== 'deletedAt' || !builtIn) && type.kind !== 'secret')
}

/** `customer` → `customerId`, the field that holds the id alone. */
export function idFieldName(relation: ToOne): string {
  return `${relation.name}Id`
}

/** `order` → `orderPosition`, the place of a part among its siblings. */
export function positionFieldName(relation: ToOne): string {
  return `${relation.name}Position`
}

/** `Order` → `order`, the field that reads one row. */
export function rowFieldName(entity: Entity): string {
  return lowerFirst(entity.name)
}

/** `Orders` → `orders`, the field that reads many rows. */
export function rowsFieldName(entity: Entity): string {
  return lowerFirst(entity.plural)
}

/** `create`, `Order` → `createOrder`. */
export function mutationName(verb: string, entity: Entity): string {
  return `${verb}${upperFirst(entity.name)}`
}

/** `OrderInput` */
export function inputName(entity: Entity): string {
  return `${entity.name}Input`
}

/** `OrderPatch` */
export function patchName(entity: Entity): string {
  return `${entity.name}Patch`
}
