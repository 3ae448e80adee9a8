import type { Action, AppAction, Entity, Model, ModelPath } from './model.ts'

/** An action, of an entity or of the app. */
export interface ActionAt {
  /** Null: of the app. */
  readonly entity: Entity | null
  readonly action: Action | AppAction
  /** Where it was written: `['Order', 'actions', 'remind']`, `['actions', 'closeMonth']`. */
  readonly path: ModelPath
  /** `"remind" of "Order"` */
  readonly words: string
}

/** All actions of a model: of its entities, then of the app. */
export function everyAction({ entities, actions = [] }: Pick<Model, 'entities' | 'actions'>): readonly ActionAt[] {
  return [
    ...entities.flatMap((entity) =>
      entity.actions.map((action) => ({
        ...{ entity, action, path: [entity.name, 'actions', action.name] },
        words: `"${action.name}" of "${entity.name}"`,
      })),
    ),
    ...actions.map((action) => ({
      ...{ entity: null, action, path: ['actions', action.name], words: `"${action.name}" of the app` },
    })),
  ]
}
