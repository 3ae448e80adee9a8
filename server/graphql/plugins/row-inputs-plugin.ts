import { type Entity, embedsOf, type Model } from '#schema'
import { inputName, patchName } from '../api-names.ts'
import { grantedVerbs } from '../granted-verbs.ts'
import { inputType as inputTypeOf } from '../graphql-type.ts'
import { secretExtensions } from '../idempotency/holds-secret.ts'
import { changeableLinks } from '../links.ts'
import { entitiesOf, entityResources } from '../model-of-build.ts'
import { nestedFields } from '../nested/nested-inputs.ts'
import { nestedModel } from '../nested/nested-sides.ts'
import { isPatchable, type OneOfSide, oneOfSides } from '../one-of.ts'
import {
  hasPatch,
  patchableFields,
  patchableParts,
  presetColumns,
  type WritableField,
  writableFields,
  writableParts,
} from '../writable-fields.ts'
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
        registerObjectInputs(build, model)
        return _
      },
    },
  },
}

function registerInputs(build: GraphileBuild.Build, model: Model, entity: Entity): void {
  const verbs = grantedVerbs(model, entity)
  const fields = writableFields(entity, entitiesOf(build))
  const patchable = patchableFields(entity, entitiesOf(build))
  const preset = presetColumns(model, entity)
  const nested = nestedModel(model)
  const isNeeded = ({ required, column, name }: WritableField) =>
    required && !preset.has(column) && !nested.isGivenElsewhere(entity, name)
  const isNeededSide = ({ relation }: OneOfSide) =>
    !relation.optional && !nested.isGivenElsewhere(entity, relation.name)
  if (nested.hasInput(entity)) {
    const links = { ...oneOfInputs(build, oneOfSides(entity), isNeededSide), ...linkInputs(build, model, entity) }
    const more = { ...links, ...nestedFields(build, entity, 'create') }
    const spec = inputSpec(build, `A new ${entity.name}.`, fields, isNeeded, more)
    build.registerInputObjectType(inputName(entity), {}, spec, 'RowInputsPlugin')
  }
  const groups = oneOfSides(entity).filter((side) => isPatchable(entity, side))
  if (verbs.includes('update') && hasPatch(entity, entitiesOf(build))) {
    const spec = inputSpec(
      build,
      `Changes to a ${entity.name}. Fields left out stay as they are.`,
      patchable,
      () => false,
      { ...oneOfInputs(build, groups, () => false), ...nestedFields(build, entity, 'update') },
      'Patch',
    )
    build.registerInputObjectType(patchName(entity), {}, spec, 'RowInputsPlugin')
  }
}

/** `AddressInput` and `AddressPatch`, once for each type of value objects. */
function registerObjectInputs(build: GraphileBuild.Build, model: Model): void {
  const types = new Map(model.entities.flatMap(embedsOf).map(({ type }) => [type.object, type]))
  for (const [name, type] of types) {
    const input = inputSpec(build, `A new ${name}.`, writableParts(type), (field) => field.required)
    build.registerInputObjectType(`${name}Input`, {}, input, 'RowInputsPlugin')
    const parts = patchableParts(type)
    if (parts.length === 0) continue
    const patch = inputSpec(
      build,
      `Changes to a ${name}. Parts left out stay as they are.`,
      parts,
      () => false,
      {},
      'Patch',
    )
    build.registerInputObjectType(`${name}Patch`, {}, patch, 'RowInputsPlugin')
  }
}

function inputSpec(
  build: GraphileBuild.Build,
  description: string,
  fields: readonly WritableField[],
  isRequired: (field: WritableField) => boolean,
  more: Readonly<Record<string, unknown>> = {},
  objects: 'Input' | 'Patch' = 'Input',
) {
  return () =>
    ({
      description,
      fields: () =>
        Object.fromEntries([
          ...fields.map((field) => [
            field.name,
            {
              type: inputType(build, field, isRequired(field), objects),
              description: field.note ?? undefined,
              deprecationReason: field.deprecated ?? undefined,
              ...(field.type.kind === 'secret' ? { extensions: secretExtensions } : {}),
            },
          ]),
          ...Object.entries(more),
        ]),
    }) as never
}

/** `subject: { invoiceId }` */
function oneOfInputs(build: GraphileBuild.Build, sides: readonly OneOfSide[], isNeeded: (side: OneOfSide) => boolean) {
  return Object.fromEntries(
    sides.map((side) => {
      const { relation, typeName } = side
      const type = () => build.getInputTypeByName(`${typeName}Input`)
      const isRequired = isNeeded(side)
      const field = {
        get type() {
          return isRequired ? new build.graphql.GraphQLNonNull(type()) : type()
        },
        description: relation.note ?? undefined,
      }
      return [relation.name, field]
    }),
  )
}

/** `tagIds`: what the new row is linked to at once. */
function linkInputs(build: GraphileBuild.Build, model: Model, entity: Entity): Readonly<Record<string, unknown>> {
  const { GraphQLList, GraphQLNonNull } = build.graphql
  return Object.fromEntries(
    changeableLinks(model, entity).map(({ idsName, relation, otherType }) => {
      const ids = () => new GraphQLList(new GraphQLNonNull(inputTypeOf(build, otherType) as never))
      return [
        idsName,
        {
          get type() {
            return ids()
          },
          description: relation.note ?? undefined,
        },
      ]
    }),
  )
}

function inputType(build: GraphileBuild.Build, field: WritableField, required: boolean, objects: 'Input' | 'Patch') {
  const { type: held } = field
  const type = held.kind === 'embed' ? build.getInputTypeByName(`${held.object}${objects}`) : inputTypeOf(build, held)
  return required ? new build.graphql.GraphQLNonNull(type as never) : type
}
