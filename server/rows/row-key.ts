import { RequestError, type RowId } from '#base'
import type { Entity, EntityMap } from '#schema'
import { keyFields } from '../graphql/key-fields.ts'

type Key = Readonly<Record<string, unknown>>

/**
 * An id by the names of its fields; a key of several values is given as they are.
 *
 * @throws RequestError VALIDATION where a value is missing: a row would be found by less than what it is known by
 */
export function rowKey(entity: Entity, entities: EntityMap, id: RowId): Key {
  const names = keyFields(entity, entities).map(({ name }) => name)
  const given = typeof id === 'object' || names.length > 1 ? id : { [names[0]!]: id }
  if (isKey(given, names)) return given
  const known = names.map((name) => `"${name}"`).join(' and ')
  throw new RequestError('VALIDATION', `A row of "${entity.name}" is known by ${known}.`, { fields: names })
}

function isKey(given: unknown, names: readonly string[]): given is Key {
  if (typeof given !== 'object' || given === null) return false
  const values = given as Key
  const isWhole = names.every((name) => values[name] !== undefined && values[name] !== null)
  return isWhole && Object.keys(given).every((name) => names.includes(name))
}
