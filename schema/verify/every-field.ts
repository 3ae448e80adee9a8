import { columnFields, leavesOf, pathOfField } from '../model/column-fields.ts'
import type { Action, Field, Model, ModelPath } from '../model/model.ts'

/** Declared fields and inputs of actions, the parts of value objects in their place, and where they were written. */
export function everyField(model: Model): readonly { readonly field: Field; readonly path: ModelPath }[] {
  return [
    ...model.entities.flatMap((entity) => [
      ...columnFields(entity)
        .filter(({ builtIn }) => !builtIn)
        .map((field) => ({ field, path: pathOfField(entity, field.name) })),
      ...inputsOf(entity.actions, [entity.name]),
    ]),
    ...inputsOf(model.actions ?? [], []),
  ]
}

function inputsOf(actions: readonly Pick<Action, 'name' | 'input'>[], owner: ModelPath) {
  return actions.flatMap(({ name, input }) =>
    input
      .flatMap(leavesOf)
      .map((field) => ({ field, path: [...owner, 'actions', name, 'input', ...field.name.split('.')] })),
  )
}
