import type { Entity, Model } from '#schema'
import { grantedVerbs } from '../granted-verbs.ts'
import { inputType as inputTypeOf } from '../graphql-type.ts'
import { entityResources } from '../model-of-build.ts'
import { patchableFields, type WritableField, writableFields } from '../writable-fields.ts'
import 'postgraphile'

/** `OrderInput` and `OrderPatch`: what callers may write when a row is made, and afterwards. */
export const RowInputsPlugin: GraphileConfig.Plugin = {
  name: 'RowInputsPlugin',
  version: '1.0.0',
  after: ['PgCodecsPlugin'],
  schema: {
    hooks: {
      init(_, build) {
        const model = build.input.rowhouseModel
        for (const { entity } of entityResources(build)) registerInputs(build, model, entity)
        return _
      },
    },
  },
}

/** `OrderInput` */
export function inputName(entity: Entity): string {
  return `${entity.name}Input`
}

/** `OrderPatch` */
export function patchName(entity: Entity): string {
  return `${entity.name}Patch`
}

function registerInputs(build: GraphileBuild.Build, model: Model, entity: Entity): void {
  const verbs = grantedVerbs(model, entity)
  const fields = writableFields(entity)
  const patchable = patchableFields(entity)
  if (verbs.includes('create') && fields.length > 0) {
    const spec = inputSpec(build, `A new ${entity.name}.`, fields, (field) => field.required)
    build.registerInputObjectType(inputName(entity), {}, spec, 'RowInputsPlugin')
  }
  if (verbs.includes('update') && patchable.length > 0) {
    const spec = inputSpec(
      build,
      `Changes to a ${entity.name}. Fields left out stay as they are.`,
      patchable,
      () => false,
    )
    build.registerInputObjectType(patchName(entity), {}, spec, 'RowInputsPlugin')
  }
}

function inputSpec(
  build: GraphileBuild.Build,
  description: string,
  fields: readonly WritableField[],
  isRequired: (field: WritableField) => boolean,
) {
  return () =>
    ({
      description,
      fields: () =>
        Object.fromEntries(
          fields.map((field) => [
            field.name,
            {
              type: inputType(build, field, isRequired(field)),
              description: field.note ?? undefined,
              deprecationReason: field.deprecated ?? undefined,
            },
          ]),
        ),
    }) as never
}

function inputType(build: GraphileBuild.Build, field: WritableField, required: boolean) {
  const type = inputTypeOf(build, field.type)
  return required ? new build.graphql.GraphQLNonNull(type as never) : type
}
