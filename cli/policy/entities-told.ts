import type { Entity, Model } from '#schema'
import { isHistory } from '#schema'
import { unknownName } from '../inspect/inspection.ts'

/**
 * The entities of these names, in the order of the model; without names all but those that links and histories make.
 *
 * @throws OperatorError INSPECT_NAME_UNKNOWN
 */
export function entitiesTold(names: readonly string[], model: Model): readonly Entity[] {
  const known = model.entities.map(({ name }) => name)
  for (const name of names) if (!known.includes(name)) throw unknownName(name, known, 'entity')
  if (names.length === 0) return model.entities.filter((entity) => entity.link === null && !isHistory(entity))
  return model.entities.filter(({ name }) => names.includes(name))
}
