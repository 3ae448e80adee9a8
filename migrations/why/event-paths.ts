import type { Entity, Model, ModelPath } from '#schema'

/** The parts of the model that ask for events of an entity: the entity itself, or subscribers. */
export function eventPaths(entity: Entity, { subscribers = [] }: Pick<Model, 'subscribers'>): readonly ModelPath[] {
  const own = entity.events === undefined ? [] : [[entity.name, 'events']]
  const asking = subscribers.filter(({ on }) => on.some((event) => event.startsWith(`${entity.name}.`)))
  return [...own, ...asking.map(({ name }) => ['subscribers', name])]
}
