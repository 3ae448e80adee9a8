import type { PgResource } from '@dataplan/pg'
import { context, type ExecutableStep, object } from 'grafast'
import { toText, upperFirst } from '#base'
import { grantedActions } from '#migrations'
import { indexModel, rowsSql } from '#policies'
import type { Action, Entity, EntityMap } from '#schema'
import type { CodeContext } from '../../bodies/run-body.ts'
import { mutationName, rowFieldName } from '../api-names.ts'
import { inputType, outputType } from '../graphql-type.ts'
import { changeStep } from '../idempotency/change-step.ts'
import { keyFields } from '../key-fields.ts'
import { entitiesOf, entityResources } from '../model-of-build.ts'
import { expectationName, mayExpect } from '../mutations/expectation.ts'
import { runAction } from '../mutations/run-action.ts'
import {
  answeredFields,
  type Fields,
  givenFields,
  type Payload,
  registerActionTypes,
  resultOf,
  rowOf,
} from './action-types.ts'
import { expectationField } from './row-mutations-plugin.ts'
import 'postgraphile'

type Build = GraphileBuild.Build

interface ActionMutation {
  readonly action: Action
  readonly entity: Entity
  readonly entities: EntityMap
  readonly table: string
  readonly resource: PgResource
  /** `duplicateOrder` */
  readonly name: string
}

const by = 'ActionMutationsPlugin'

/** `duplicateOrder` and other actions of entities, as far as a rule grants them to anybody. */
export const ActionMutationsPlugin: GraphileConfig.Plugin = {
  name: by,
  version: '1.0.0',
  after: ['RowInputsPlugin', 'PgTablesPlugin', 'RowMutationsPlugin'],
  schema: {
    hooks: {
      init(_, build) {
        for (const mutation of actionMutations(build)) registerTypes(build, mutation)
        return _
      },
      GraphQLObjectType_fields(fields, build, context) {
        if (context.scope.isRootMutation !== true) return fields
        const added = actionMutations(build).map((mutation) => [
          mutation.name,
          context.fieldWithHooks({ fieldName: mutation.name }, () => mutationField(build, mutation) as never),
        ])
        return build.extend(fields, Object.fromEntries(added), by)
      },
    },
  },
}

function actionMutations(build: Build): readonly ActionMutation[] {
  const index = indexModel(build.input.rowhouseModel)
  return entityResources(build).flatMap(({ entity, resource }) =>
    grantedActions(entity, index).map((action) => ({
      ...{ action, entity, resource, entities: entitiesOf(build) },
      table: toText(rowsSql(entity, index)),
      name: mutationName(action.name, entity),
    })),
  )
}

function registerTypes(build: Build, mutation: ActionMutation): void {
  registerActionTypes(build, {
    ...{ by, name: mutation.name, outputName: outputName(mutation), output: mutation.action.output },
    input: () => inputFields(build, mutation),
    payload: () => payloadFields(build, mutation),
  })
}

/** `OrderDuplicateOutput` */
function outputName({ entity, action }: ActionMutation): string {
  return `${entity.name}${upperFirst(action.name)}Output`
}

function inputFields(build: Build, { entity, entities, action }: ActionMutation): Fields {
  const { GraphQLNonNull } = build.graphql
  const key = keyFields(entity, entities).map(({ name, type }) => [
    name,
    { type: new GraphQLNonNull(inputType(build, type) as never) },
  ])
  const expected = mayExpect(entity, 'update') ? expectationField(build) : {}
  return { ...Object.fromEntries(key), ...givenFields(build, action.input), ...expected }
}

function payloadFields(build: Build, mutation: ActionMutation): Fields {
  const { GraphQLNonNull } = build.graphql
  const { entity, entities, resource, action } = mutation
  const keys = keyFields(entity, entities).map(({ name, type }) => [
    name,
    {
      type: new GraphQLNonNull(outputType(build, type) as never),
      plan: ($payload: Payload) => resultOf($payload, name),
    },
  ])
  const own = {
    ...Object.fromEntries(keys),
    [rowFieldName(entity)]: {
      type: build.getOutputTypeByName(entity.name),
      description: 'The row afterwards; null when the caller may not (or no longer) read it.',
      plan: ($payload: Payload) => rowOf(entity, resource, entities, ($name) => resultOf($payload, $name)),
    },
  }
  return answeredFields(build, { output: action.output, outputName: outputName(mutation), entities }, own)
}

interface Prepared {
  readonly input: Readonly<Record<string, unknown>>
  readonly context: CodeContext
}

function mutationField(build: Build, mutation: ActionMutation) {
  const { name, action, entity, entities, resource } = mutation
  const keys = keyFields(entity, entities)
  return {
    type: build.getOutputTypeByName(`${upperFirst(name)}Payload`),
    description: action.note ?? undefined,
    deprecationReason: entity.deprecated ?? undefined,
    args: {
      input: {
        // Its type says all; empty, or a stock sentence takes its place.
        description: '',
        type: new build.graphql.GraphQLNonNull(build.getInputTypeByName(`${upperFirst(name)}Input`)),
      },
    },
    plan: (_root: unknown, args: { getRaw(name: string): ExecutableStep }) => {
      const $input = args.getRaw('input')
      return object({
        result: changeStep<Prepared>({
          mutation: name,
          executor: resource.executor,
          ...{ $input, $prepared: object({ input: $input, context: context() }) },
          inputType: build.getInputTypeByName(`${upperFirst(name)}Input`) as never,
          change: async (client, { input: { input, context: asking }, roles }) => {
            const key = Object.fromEntries(keys.map((field) => [field.name, input[field.name]]))
            const target = mayExpect(entity, 'update') ? { ...key, ifUpdatedAt: input[expectationName] } : key
            const asked = { action, key, target, input }
            return { ...key, ...(await runAction(client, { ...mutation, roles }, asked, asking)) }
          },
        }),
      })
    },
  }
}
