import { constant, type ExecutableStep, get, lambda, object } from 'grafast'
import { upperFirst } from '#base'
import { discardFailedJobs, editFailedJob, type JobManager, replayFailedJobs } from '../../jobs/failed-jobs.ts'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { RefusedRows } from '../../refused-rows.ts'
import { changeStep } from '../idempotency/change-step.ts'
import type { KeyAnswer } from '../idempotency/do-once.ts'
import { entityResources } from '../model-of-build.ts'
import { countWrites } from '../nested/planned-writes.ts'
import { sureExtensions } from '../sure-fields.ts'
import {
  failedJobField,
  failedJobStep,
  failedJobsField,
  type ManagerAsked,
  managerOf,
  managerStep,
  registerFailedJob,
} from './failed-job-types.ts'
import { executorOf } from './tenant-script-lists.ts'
import 'postgraphile'

const self = 'FailedJobsPlugin'

/** `failedJobs`, `failedJob` and what becomes of them, where a role manages jobs. */
export const FailedJobsPlugin: GraphileConfig.Plugin = {
  name: self,
  version: '1.0.0',
  schema: {
    hooks: {
      init(_, build) {
        if (!isManaged(build)) return _
        registerFailedJob(build, self)
        for (const mutation of mutations) registerMutation(build, mutation)
        return _
      },
      GraphQLObjectType_fields(fields, build, { scope, fieldWithHooks }) {
        if (!isManaged(build)) return fields
        const add = (made: Readonly<Record<string, () => object>>) => {
          const added = Object.entries(made).map(([fieldName, make]) => [
            fieldName,
            fieldWithHooks({ fieldName }, () => make() as never),
          ])
          return build.extend(fields, Object.fromEntries(added), self)
        }
        if (scope.isRootQuery === true)
          return add({ failedJobs: () => failedJobsField(build), failedJob: () => failedJobField(build) })
        if (scope.isRootMutation !== true) return fields
        return add(Object.fromEntries(mutations.map((each) => [each.name, () => mutationField(build, each)])))
      },
    },
  },
}

function isManaged(build: GraphileBuild.Build): boolean {
  const { roles } = build.input.rowhouseModel
  return entityResources(build).length > 0 && roles.some(({ managesJobs }) => managesJobs === true)
}

interface Mutation {
  readonly name: string
  readonly description: string
  /** Which it takes, and answers. */
  readonly by: 'id' | 'ids'
  /** Whether it takes another input, and answers the job. */
  readonly edits: boolean
  run(client: RequestClient, by: JobManager, input: Given): Promise<void>
}

interface Given {
  readonly id: string
  readonly ids: readonly string[]
  readonly input: unknown
}

const replaying = 'with the rights that it has, and all tries anew'

const mutations: readonly Mutation[] = [
  {
    ...{ name: 'editFailedJob', by: 'id', edits: true, run: editFailedJob },
    description: 'Gives a failed job another input, with which it has the rights of who asks for this.',
  },
  {
    ...{ name: 'replayFailedJob', by: 'id', edits: false },
    description: `Makes a failed job a job again: ${replaying}.`,
    run: (client, by, { id }) => alone(replayFailedJobs(client, by, [id])),
  },
  {
    ...{ name: 'replayFailedJobs', by: 'ids', edits: false },
    description: `Makes failed jobs jobs again, all or none: each ${replaying}.`,
    run: (client, by, { ids }) => replayFailedJobs(client, by, ids),
  },
  {
    ...{ name: 'discardFailedJob', by: 'id', edits: false },
    description: 'Throws a failed job away for good.',
    run: (client, by, { id }) => alone(discardFailedJobs(client, by, [id])),
  },
  {
    ...{ name: 'discardFailedJobs', by: 'ids', edits: false },
    description: 'Throws failed jobs away for good, all or none.',
    run: (client, by, { ids }) => discardFailedJobs(client, by, ids),
  },
]

/** Of a single one it is told what is wrong with it, and no place. */
async function alone(run: Promise<void>): Promise<void> {
  await run.catch((error: unknown) => {
    throw error instanceof RefusedRows ? error.faults[0]!.error : error
  })
}

function registerMutation(build: GraphileBuild.Build, { name, by, edits }: Mutation): void {
  const { GraphQLString, GraphQLNonNull } = build.graphql
  const json = () => build.getInputTypeByName(build.inflection.builtin('JSON' as never)) as never
  const input = () => ({
    description: `What \`${name}\` takes.`,
    fields: () => ({
      clientMutationId: { type: GraphQLString, description: 'Comes back in the payload, unread.' },
      [by]: { type: keysType(build, by), description: by === 'id' ? 'Its key.' : 'Their keys.' },
      ...(edits ? { input: { type: new GraphQLNonNull(json()), description: 'All that its worker takes.' } } : {}),
    }),
  })
  const title = upperFirst(name)
  build.registerInputObjectType(`${title}Input`, { isMutationInput: true }, input as never, self)
  build.registerObjectType(`${title}Payload`, {}, () => payloadSpec(build, { name, by, edits }) as never, self)
}

function keysType(build: GraphileBuild.Build, by: Mutation['by']): object {
  const { GraphQLNonNull, GraphQLList } = build.graphql
  const id = new GraphQLNonNull(build.getInputTypeByName(build.inflection.builtin('UUID' as never)))
  return by === 'id' ? id : new GraphQLNonNull(new GraphQLList(id))
}

type Payload = { get(name: string): ExecutableStep }

function payloadSpec(build: GraphileBuild.Build, { name, by, edits }: Pick<Mutation, 'name' | 'by' | 'edits'>) {
  const ofResult = ($payload: Payload, part: string) => get($payload.get('result') as never, part as never)
  const answered = () =>
    edits
      ? {
          failedJob: {
            type: build.getOutputTypeByName('FailedJob'),
            description: 'As it is now.',
            plan: ($payload: Payload) => failedJobStep(build, ofResult($payload, 'id') as never),
          },
        }
      : {
          [by]: {
            type: keysType(build, by),
            description: by === 'id' ? 'Its key.' : 'Their keys.',
            plan: ($payload: Payload) => ofResult($payload, by),
          },
        }
  return {
    assertStep: null,
    description: `What \`${name}\` answers.`,
    fields: () => ({
      clientMutationId: {
        type: build.graphql.GraphQLString,
        description: 'As it was sent.',
        extensions: sureExtensions({}),
        plan: ($payload: Payload) => ofResult($payload, 'clientMutationId'),
      },
      ...answered(),
      query: {
        type: build.getOutputTypeByName(build.inflection.builtin('Query')),
        description: 'The whole API, for whatever else is wanted after the change.',
        plan: () => constant(true, false),
      },
    }),
  }
}

function mutationField(build: GraphileBuild.Build, { name, description, by, run }: Mutation): object {
  const inputType = build.getInputTypeByName(`${upperFirst(name)}Input`)
  return {
    type: build.getOutputTypeByName(`${upperFirst(name)}Payload`),
    description,
    args: { input: { description: '', type: new build.graphql.GraphQLNonNull(inputType) } },
    plan: (_root: unknown, args: { getRaw(name: string): ExecutableStep }) => {
      const $input = args.getRaw('input')
      const $prepared = lambda(object({ input: $input, ...managerStep() }), counted as never)
      return object({
        result: changeStep<Asked>({
          mutation: name,
          executor: executorOf(build),
          $input,
          $prepared,
          inputType: inputType as never,
          change: async (client, { input: asked }): Promise<KeyAnswer> => {
            await run(client, managerOf(asked), asked.input)
            return { [by]: asked.input[by] }
          },
        }),
      })
    },
  }
}

interface Asked extends ManagerAsked {
  readonly input: Given
}

/** They count as rows that a request writes. */
function counted(asked: Asked): Asked {
  countWrites(asked.context.transaction, { size: asked.input.ids?.length ?? 1 })
  return asked
}
