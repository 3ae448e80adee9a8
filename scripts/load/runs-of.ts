import { everyAction, type Model, type ModelPath } from '#schema'

/** A place of a model that names something to run. */
export interface RunsPlace {
  readonly runs: string
  /** Where; its `runs` is what is named. */
  readonly path: ModelPath
}

/** All that a model runs beside hooks. */
export function runsOf(model: Model): readonly RunsPlace[] {
  const transitions = model.entities.flatMap((entity) =>
    (entity.lifecycle?.transitions ?? []).flatMap(({ name, runs }) =>
      runs === null ? [] : [{ runs, path: [entity.name, 'lifecycle', 'transitions', name] }],
    ),
  )
  return [...transitions, ...everyAction(model).map(({ action: { runs }, path }) => ({ runs, path }))]
}
