import { RequestError } from '#base'
import { oneOfSides } from '../one-of.ts'
import { writableFields } from '../writable-fields.ts'
import type { RowValues } from './column-values.ts'
import type { WrittenEntities } from './write-rows.ts'

/**
 * Batches write no rows inside of rows.
 *
 * @throws RequestError VALIDATION, naming what the row has of that
 */
export function refuseNested({ entity, entities, links = [] }: WrittenEntities, row: RowValues): void {
  const sides = oneOfSides(entity)
  const known = new Set([
    ...writableFields(entity, entities).map(({ name }) => name),
    ...sides.map(({ relation }) => relation.name),
    ...links.map(({ idsName }) => idsName),
  ])
  const others = Object.keys(row).filter((name) => !known.has(name) && row[name] != null)
  const inside = sides.flatMap(({ relation: { name }, targets }) =>
    Object.entries((row[name] ?? {}) as RowValues).flatMap(([key, value]) =>
      value == null || targets.some(({ idName }) => idName === key) ? [] : [`${name}.${key}`],
    ),
  )
  const fields = [...others, ...inside]
  if (fields.length === 0) return
  const message = `Rows inside of rows are written one by one, not here: ${fields.map((name) => `"${name}"`).join(', ')}.`
  throw new RequestError('VALIDATION', message, { fields })
}
