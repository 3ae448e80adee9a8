import { loadOneWithPgClient } from '@dataplan/pg'
import { constant, type ExecutableStep, get, object } from 'grafast'
import { upperFirst } from '#base'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import {
  chooseScript,
  type Publisher,
  publishScript,
  recordScript,
  tenantScript,
  tenantScripts,
  type VersionKey,
} from '../../tenant-scripts/publishing.ts'
import { changeStep } from '../idempotency/change-step.ts'
import { entityResources } from '../model-of-build.ts'
import { sureExtensions } from '../sure-fields.ts'
import { executorOf, listField, publisherStep, registerList, tenantLists } from './tenant-script-lists.ts'
import 'postgraphile'

const self = 'TenantScriptsPlugin'

/**
 * `tenantScripts`, `tenantScriptRuns`, `publishScript`, `rollBackScript`, `withdrawScript` and `recordScript`, where a role publishes scripts.
 */
export const TenantScriptsPlugin: GraphileConfig.Plugin = {
  name: self,
  version: '1.0.0',
  schema: {
    hooks: {
      init(_, build) {
        if (!isPublished(build)) return _
        for (const list of tenantLists) registerList(build, list, self)
        for (const mutation of mutations) registerMutation(build, mutation)
        return _
      },
      GraphQLObjectType_fields(fields, build, { scope, fieldWithHooks }) {
        if (!isPublished(build)) return fields
        if (scope.isRootQuery === true) {
          const lists = tenantLists.map((list) => [
            list.field,
            fieldWithHooks({ fieldName: list.field }, () => listField(build, list) as never),
          ])
          return build.extend(fields, Object.fromEntries(lists), self)
        }
        if (scope.isRootMutation !== true) return fields
        const added = mutations.map((mutation) => [
          mutation.name,
          fieldWithHooks({ fieldName: mutation.name }, () => mutationField(build, mutation) as never),
        ])
        return build.extend(fields, Object.fromEntries(added), self)
      },
    },
  },
}

function isPublished(build: GraphileBuild.Build): boolean {
  const { roles } = build.input.rowhouseModel
  return entityResources(build).length > 0 && roles.some(({ publishesScripts }) => publishesScripts === true)
}

interface Mutation {
  readonly name: string
  readonly description: string
  /** What it takes besides the name. */
  fields(build: GraphileBuild.Build): Record<string, unknown>
  /** Null: none runs afterwards. */
  run(client: RequestClient, by: Publisher, input: Given): Promise<VersionKey | null>
}

interface Given {
  readonly name: string
  readonly source: string
  readonly note?: string | null
  readonly version: number
  readonly isRecorded: boolean
}

const mutations: readonly Mutation[] = [
  {
    name: 'publishScript',
    description: 'Publishes a script for the tenant, which runs instead of the app’s from then on.',
    fields: ({ graphql: { GraphQLNonNull, GraphQLString } }) => ({
      source: { type: new GraphQLNonNull(GraphQLString), description: 'TypeScript, as a file of the app has it.' },
      note: { type: GraphQLString, description: 'What is new about it.' },
    }),
    run: publishScript,
  },
  {
    name: 'rollBackScript',
    description: 'Makes a version run that was published before.',
    fields: ({ graphql: { GraphQLNonNull, GraphQLInt } }) => ({
      version: { type: new GraphQLNonNull(GraphQLInt), description: 'Its number.' },
    }),
    async run(client, by, { name, version }) {
      await chooseScript(client, by, { name, version })
      return { name, version }
    },
  },
  {
    name: 'withdrawScript',
    description: 'Makes the app’s own script run again. Versions that were published stay.',
    fields: () => ({}),
    async run(client, by, { name }) {
      await chooseScript(client, by, { name, version: null })
      return null
    },
  },
  {
    name: 'recordScript',
    description: 'Says whether runs of a script are recorded for the tenant.',
    fields: ({ graphql: { GraphQLNonNull, GraphQLBoolean } }) => ({
      isRecorded: { type: new GraphQLNonNull(GraphQLBoolean), description: 'True: each from now on.' },
    }),
    async run(client, by, input) {
      await recordScript(client, by, input)
      return await activeVersion(client, by, input.name)
    },
  },
]

async function activeVersion(client: RequestClient, by: Publisher, name: string): Promise<VersionKey | null> {
  const versions = await tenantScripts(client, by, { name, first: 100 })
  const active = versions.find(({ isActive }) => isActive)
  return active === undefined ? null : { name, version: active.version }
}

function registerMutation(build: GraphileBuild.Build, mutation: Mutation): void {
  const { GraphQLNonNull, GraphQLString } = build.graphql
  const input = () => ({
    description: `What \`${mutation.name}\` takes.`,
    fields: () => ({
      clientMutationId: { type: GraphQLString, description: 'Comes back in the payload, unread.' },
      name: { type: new GraphQLNonNull(GraphQLString), description: 'Of a script of the app: `scripts/discount`.' },
      ...mutation.fields(build),
    }),
  })
  const title = upperFirst(mutation.name)
  build.registerInputObjectType(`${title}Input`, { isMutationInput: true }, input as never, self)
  build.registerObjectType(`${title}Payload`, {}, () => payloadSpec(build, mutation) as never, self)
}

type Payload = { get(name: string): ExecutableStep }

function payloadSpec(build: GraphileBuild.Build, { name }: Mutation): object {
  const ofResult = ($payload: Payload, part: string) => get($payload.get('result') as never, part as never)
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
      tenantScript: {
        type: build.getOutputTypeByName('TenantScript'),
        description: 'The version that runs now; null: the app’s own script.',
        plan: ($payload: Payload) =>
          loadOneWithPgClient(executorOf(build), ofResult($payload, 'script') as never, readAll as never),
      },
      query: {
        type: build.getOutputTypeByName(build.inflection.builtin('Query')),
        description: 'The whole API, for whatever else is wanted after the change.',
        plan: () => constant(true, false),
      },
    }),
  }
}

async function readAll(client: RequestClient, keys: readonly (VersionKey | null)[]) {
  const found = []
  for (const key of keys) found.push(key === null ? null : await tenantScript(client, key))
  return found
}

function mutationField(build: GraphileBuild.Build, mutation: Mutation): object {
  const inputType = build.getInputTypeByName(`${upperFirst(mutation.name)}Input`)
  return {
    type: build.getOutputTypeByName(`${upperFirst(mutation.name)}Payload`),
    description: mutation.description,
    args: { input: { description: '', type: new build.graphql.GraphQLNonNull(inputType) } },
    plan: (_root: unknown, args: { getRaw(name: string): ExecutableStep }) => {
      const $input = args.getRaw('input')
      return object({
        result: changeStep<{ readonly input: Given } & Publisher>({
          mutation: mutation.name,
          executor: executorOf(build),
          $input,
          $prepared: object({ input: $input, ...publisherStep() }),
          inputType: inputType as never,
          change: async (client, { input: { input, ...by } }) => ({ script: await mutation.run(client, by, input) }),
        }),
      })
    },
  }
}
