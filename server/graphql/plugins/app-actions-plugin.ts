import { context, type ExecutableStep, object } from 'grafast'
import { upperFirst } from '#base'
import type { AppAction } from '#schema'
import type { CodeContext } from '../../bodies/run-body.ts'
import { changeStep } from '../idempotency/change-step.ts'
import { entitiesOf, entityResources } from '../model-of-build.ts'
import { runAppAction } from '../mutations/run-app-action.ts'
import { answeredFields, givenFields, registerActionTypes } from './action-types.ts'
import 'postgraphile'

type Build = GraphileBuild.Build

const by = 'AppActionsPlugin'

/** `closeMonth` and other actions of the app. */
export const AppActionsPlugin: GraphileConfig.Plugin = {
  name: by,
  version: '1.0.0',
  after: ['RowInputsPlugin', 'PgTablesPlugin', 'RowMutationsPlugin', 'ActionMutationsPlugin'],
  schema: {
    hooks: {
      init(_, build) {
        for (const action of appActions(build)) registerTypes(build, action)
        return _
      },
      GraphQLObjectType_fields(fields, build, context) {
        if (context.scope.isRootMutation !== true) return fields
        const added = appActions(build).map((action) => [
          action.name,
          context.fieldWithHooks({ fieldName: action.name }, () => mutationField(build, action) as never),
        ])
        return build.extend(fields, Object.fromEntries(added), by)
      },
    },
  },
}

function appActions(build: Build): readonly AppAction[] {
  return build.input.rowhouseModel.actions ?? []
}

function registerTypes(build: Build, { name, input, output }: AppAction): void {
  const outputName = `${upperFirst(name)}Output`
  registerActionTypes(build, {
    ...{ by, name, outputName, output },
    input: () => givenFields(build, input),
    payload: () => answeredFields(build, { output, outputName, entities: entitiesOf(build) }, {}),
  })
}

interface Prepared {
  readonly input: Readonly<Record<string, unknown>>
  readonly context: CodeContext
}

function mutationField(build: Build, action: AppAction) {
  const { name } = action
  const type = build.getInputTypeByName(`${upperFirst(name)}Input`)
  return {
    type: build.getOutputTypeByName(`${upperFirst(name)}Payload`),
    description: action.note ?? undefined,
    args: {
      input: {
        // Its type says all; empty, or a stock sentence takes its place.
        description: '',
        type: new build.graphql.GraphQLNonNull(type),
      },
    },
    plan: (_root: unknown, args: { getRaw(name: string): ExecutableStep }) => {
      const $input = args.getRaw('input')
      return object({
        result: changeStep<Prepared>({
          mutation: name,
          // All entities have the same.
          executor: entityResources(build)[0]!.resource.executor,
          ...{ $input, $prepared: object({ input: $input, context: context() }), inputType: type as never },
          change: async (client, { input: { input, context: asking } }) => {
            const asked = { action, entities: entitiesOf(build), input }
            return { ...(await runAppAction(client, asked, asking)) }
          },
        }),
      })
    },
  }
}
