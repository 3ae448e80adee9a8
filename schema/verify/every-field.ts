import type { Field, Model, ModelPath } from '../model/model.ts'

/** Declared fields and inputs of actions, and where they were written. */
export function everyField(model: Model): readonly { readonly field: Field; readonly path: ModelPath }[] {
  return model.entities.flatMap((entity) => [
    ...entity.fields
      .filter(({ builtIn }) => !builtIn)
      .map((field) => ({ field, path: [entity.name, 'fields', field.name] })),
    ...entity.actions.flatMap(({ name, input }) =>
      input.map((field) => ({ field, path: [entity.name, 'actions', name, 'input', field.name] })),
    ),
  ])
}
