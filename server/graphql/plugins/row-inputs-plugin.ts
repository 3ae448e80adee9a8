import { type Entity, embedsOf, type Model, ruleCovers, rulesFor, toOnesOf } from '#schema'
import { grantedVerbs } from '../granted-verbs.ts'
import { inputType as inputTypeOf } from '../graphql-type.ts'
import { secretExtensions } from '../idempotency/holds-secret.ts'
import { changeableLinks } from '../links.ts'
import { entitiesOf, entityResources } from '../model-of-build.ts'
import { isPatchable, type OneOfSide, oneOfSides } from '../one-of.ts'
import {
  hasPatch,
  patchableFields,
  patchableParts,
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
  const fields = writableFields(entity, entitiesOf(build))
  const patchable = patchableFields(entity, entitiesOf(build))
  const preset = presetColumns(model, entity)
  const isNeeded = (field: WritableField) => field.required && !preset.has(field.column)
  const links = { ...oneOfInputs(build, oneOfSides(entity), true), ...linkInputs(build, model, entity) }
  if (verbs.includes('create') && (fields.length > 0 || Object.keys(links).length > 0)) {
    const spec = inputSpec(build, `A new ${entity.name}.`, fields, isNeeded, links)
    build.registerInputObjectType(inputName(entity), {}, spec, 'RowInputsPlugin')
  }
  const groups = oneOfSides(entity).filter((side) => isPatchable(entity, side))
  if (verbs.includes('update') && hasPatch(entity, entitiesOf(build))) {
    const spec = inputSpec(
      build,
      `Changes to a ${entity.name}. Fields left out stay as they are.`,
      patchable,
      () => false,
      oneOfInputs(build, groups, false),
      'Patch',
    )
    build.registerInputObjectType(patchName(entity), {}, spec, 'RowInputsPlugin')
  }
}

/** Columns that some rule gives a new row: whoever it is for says nothing of them. */
function presetColumns(model: Model, entity: Entity): ReadonlySet<string> {
  const rules = rulesFor(model, entity).filter((rule) => ruleCovers(entity, rule, 'create'))
  const names = new Set(rules.flatMap(({ sets }) => sets.map(({ name }) => name)))
  return new Set(
    [...entity.fields, ...toOnesOf(entity)].flatMap(({ name, column }) => (names.has(name) ? [column] : [])),
  )
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
function oneOfInputs(build: GraphileBuild.Build, sides: readonly OneOfSide[], isNew: boolean) {
  return Object.fromEntries(
    sides.map(({ relation, typeName }) => {
      const type = () => build.getInputTypeByName(`${typeName}Input`)
      const isRequired = isNew && !relation.optional
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
