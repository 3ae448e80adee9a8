import { type Entity, hasId } from '#schema'
import type { Random } from './random.ts'

const names = [
  ...['Person', 'Team', 'Member', 'Item', 'Line', 'Badge', 'Label', 'ItemLabel', 'Tenant', 'Part', 'ItemHistory'],
]

/** The id of the nth row of an entity; rows of both tenants take turns in it. */
export function idOf(entity: string, at: number): string {
  // Rows of the entity that is the tenant are the tenants.
  if (entity === 'Place') return tenants[at % 2]!
  return `00000000-0000-7000-8${String(names.indexOf(entity)).padStart(3, '0')}-${String(at).padStart(12, '0')}`
}

/** The two tenants. */
export const tenants = [idOf('Tenant', 1), idOf('Tenant', 2)] as const

/** True where the database counts the ids. */
export function isCounted({ fields }: Pick<Entity, 'fields'>): boolean {
  return fields.some(({ name, type }) => name === 'id' && type.kind === 'int64')
}

/**
 * What links to the nth row hold: its uuid, its number, or its code. Codes are counted within each tenant, so that both have the same ones.
 *
 * @param before how many rows of the same tenant stand before it
 */
export function keyAt(entity: Entity, at: number, before: number): string {
  if (!hasId(entity)) return codes[before % codes.length]!
  return isCounted(entity) ? String(at + 1) : idOf(entity.name, at)
}

/** A key that a row of the entity may have. */
export function someKey(random: Random, entity: Entity): string {
  const at = random.below(4)
  return keyAt(entity, at, random.below(3))
}

/** Values of natural keys. */
export const codes = ['a', "o'b", 'ä c', 'd,e'] as const

/** A row's key as one text, parts with commas between them. */
export function keyText(entity: Entity, row: Readonly<Record<string, unknown>>): string {
  return entity.key.map((name) => String((row[name] ?? '') as string)).join(',')
}
