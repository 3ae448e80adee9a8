import type { Model, ModelPath } from '#schema'

/** A place of a model that names something to run. */
export interface RunsPlace {
  readonly runs: string
  /** Where; its `runs` is what is named. */
  readonly path: ModelPath
}

/** All that a model runs, in its order. */
export function runsOf(model: Model): readonly RunsPlace[] {
  return model.entities.flatMap((entity) => {
    const transitions = (entity.lifecycle?.transitions ?? []).flatMap(({ name, runs }) =>
      runs === null ? [] : [{ runs, path: [entity.name, 'lifecycle', 'transitions', name] }],
    )
    const actions = entity.actions.map(({ name, runs }) => ({ runs, path: [entity.name, 'actions', name] }))
    return [...transitions, ...actions]
  })
}
