import type { PgResource } from '@dataplan/pg'
import { constant, context, type ExecutableStep, get, object } from 'grafast'
import { toText, upperFirst } from '#base'
import { grantedActions } from '#migrations'
import { indexModel, rowsSql } from '#policies'
import { type Action, type Entity, type EntityMap, type Field, keyColumnsOf } from '#schema'
import type { CodeContext } from '../../bodies/run-body.ts'
import { mutationName, rowFieldName } from '../api-names.ts'
import { inputType, outputType } from '../graphql-type.ts'
import { changeStep } from '../idempotency/change-step.ts'
import { keyFields } from '../key-fields.ts'
import { entitiesOf, entityResources } from '../model-of-build.ts'
import { expectationName, mayExpect } from '../mutations/expectation.ts'
import { runAction } from '../mutations/run-action.ts'
import { expectationField } from './row-mutations-plugin.ts'
import 'postgraphile'

type Build = GraphileBuild.Build
type Payload = { get(name: string): ExecutableStep }
type Fields = Readonly<Record<string, unknown>>

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
  const { name, action } = mutation
  const { GraphQLString } = build.graphql
  const input = () => ({
    description: `What \`${name}\` takes.`,
    fields: () => ({
      clientMutationId: { type: GraphQLString, description: 'Comes back in the payload, unread.' },
      ...inputFields(build, mutation),
    }),
  })
  build.registerInputObjectType(`${upperFirst(name)}Input`, { isMutationInput: true }, input as never, by)
  const payload = () => ({
    assertStep: null,
    description: `What \`${name}\` answers.`,
    fields: () => payloadFields(build, mutation),
  })
  build.registerObjectType(`${upperFirst(name)}Payload`, {}, payload as never, by)
  if (action.output?.kind !== 'values') return
  const { fields } = action.output
  const output = () => ({
    assertStep: null,
    description: `The output of \`${name}\`.`,
    fields: () => Object.fromEntries(fields.map((field) => [field.name, outputField(build, field)])),
  })
  build.registerObjectType(outputName(mutation), {}, output as never, by)
}

/** `OrderDuplicateOutput` */
function outputName({ entity, action }: ActionMutation): string {
  return `${entity.name}${upperFirst(action.name)}Output`
}

function outputField(build: Build, { name, type, optional, note, deprecated }: Field) {
  const nullable = outputType(build, type)
  return {
    type: optional ? nullable : new build.graphql.GraphQLNonNull(nullable as never),
    description: note ?? undefined,
    deprecationReason: deprecated ?? undefined,
    plan: ($output: ExecutableStep) => get($output as never, name as never),
  }
}

function inputFields(build: Build, { entity, entities, action }: ActionMutation): Fields {
  const { GraphQLNonNull } = build.graphql
  const needed = (type: unknown, isNeeded: boolean) => (isNeeded ? new GraphQLNonNull(type as never) : type)
  const key = keyFields(entity, entities).map(({ name, type }) => [
    name,
    { type: needed(inputType(build, type), true) },
  ])
  const own = action.input.map((field) => [
    field.name,
    {
      type: needed(inputType(build, field.type), !field.optional && field.default === null),
      description: field.note ?? undefined,
      deprecationReason: field.deprecated ?? undefined,
    },
  ])
  const expected = mayExpect(entity, 'update') ? expectationField(build) : {}
  return { ...Object.fromEntries([...key, ...own]), ...expected }
}

function payloadFields(build: Build, mutation: ActionMutation): Fields {
  const { GraphQLList, GraphQLNonNull, GraphQLString } = build.graphql
  const { entity, entities, resource, action } = mutation
  const keys = keyFields(entity, entities).map(({ name, type }) => [
    name,
    {
      type: new GraphQLNonNull(outputType(build, type) as never),
      plan: ($payload: Payload) => resultOf($payload, name),
    },
  ])
  return {
    clientMutationId: {
      type: GraphQLString,
      description: 'As it was sent.',
      plan: ($payload: Payload) => resultOf($payload, 'clientMutationId'),
    },
    ...Object.fromEntries(keys),
    [rowFieldName(entity)]: {
      type: build.getOutputTypeByName(entity.name),
      description: 'The row afterwards; null when the caller may not (or no longer) read it.',
      plan: ($payload: Payload) => rowOf(entity, resource, entities, ($name) => resultOf($payload, $name)),
    },
    ...(action.output === undefined ? {} : { output: outputOf(build, mutation) }),
    notes: {
      type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLString))),
      description: 'What the action has to tell.',
      plan: ($payload: Payload) => resultOf($payload, 'notes'),
    },
    query: {
      type: build.getOutputTypeByName(build.inflection.builtin('Query')),
      description: 'The whole API, for whatever else is wanted after the change.',
      plan: () => constant(true, false),
    },
  }
}

function outputOf(build: Build, mutation: ActionMutation) {
  const { output } = mutation.action
  if (output?.kind !== 'row')
    return {
      type: build.getOutputTypeByName(outputName(mutation)),
      description: 'What the action answers.',
      plan: ($payload: Payload) => resultOf($payload, 'output'),
    }
  const { entity, resource } = entityResources(build).find((each) => each.entity.name === output.entity)!
  return {
    type: build.getOutputTypeByName(entity.name),
    description: 'The row that the action answers; null when the caller may not read it.',
    plan: ($payload: Payload) =>
      rowOf(entity, resource, mutation.entities, (name) => get(resultOf($payload, 'output') as never, name as never)),
  }
}

function resultOf($payload: Payload, name: string): ExecutableStep {
  return get($payload.get('result') as never, name as never)
}

function rowOf(entity: Entity, resource: PgResource, entities: EntityMap, of: (name: string) => ExecutableStep) {
  const columns = keyColumnsOf(entity, entities)
  const key = keyFields(entity, entities).map(({ name }, at) => [columns[at]!.column, of(name)])
  return resource.get(Object.fromEntries(key) as never)
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
