import { loadOneWithPgClient } from '@dataplan/pg'
import { constant, context, type ExecutableStep, get, object } from 'grafast'
import { upperFirst } from '#base'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import {
  chooseScript,
  type Publisher,
  publishScript,
  type TenantScript,
  tenantScript,
  tenantScripts,
  type VersionKey,
} from '../../tenant-scripts/publishing.ts'
import { changeStep } from '../idempotency/change-step.ts'
import { entityResources } from '../model-of-build.ts'
import { sureExtensions } from '../sure-fields.ts'
import 'postgraphile'

const typeName = 'TenantScript'
const listName = 'TenantScripts'
const self = 'TenantScriptsPlugin'

/** `tenantScripts`, `publishScript`, `rollBackScript`, `withdrawScript`, where a role publishes scripts. */
export const TenantScriptsPlugin: GraphileConfig.Plugin = {
  name: self,
  version: '1.0.0',
  schema: {
    hooks: {
      init(_, build) {
        if (!isPublished(build)) return _
        build.registerObjectType(typeName, {}, () => scriptSpec(build) as never, self)
        build.registerObjectType(listName, {}, () => listSpec(build) as never, self)
        for (const mutation of mutations) registerMutation(build, mutation)
        return _
      },
      GraphQLObjectType_fields(fields, build, { scope, fieldWithHooks }) {
        if (!isPublished(build)) return fields
        if (scope.isRootQuery === true) {
          const field = fieldWithHooks({ fieldName: 'tenantScripts' }, () => listField(build) as never)
          return build.extend(fields, { tenantScripts: field }, self)
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

/** Any: all are in one database. */
function executorOf(build: GraphileBuild.Build): never {
  return entityResources(build)[0]!.resource.executor as never
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
]

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
        type: build.getOutputTypeByName(typeName),
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

function publisherStep(): Record<keyof Publisher, ExecutableStep> {
  const of = (name: string) => context().get(name as never)
  return { model: of('rowhouseModel'), roles: of('roles'), scripts: of('scripts') }
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

function scriptSpec(build: GraphileBuild.Build): object {
  return {
    assertStep: null,
    description: 'A version of a script that the tenant published.',
    fields: () =>
      Object.fromEntries(
        Object.entries(scriptFields(build)).map(([name, [type, description]]) => [name, told(name, type, description)]),
      ),
  }
}

function scriptFields(build: GraphileBuild.Build): Readonly<Record<keyof TenantScript, readonly [object, string]>> {
  const { GraphQLNonNull, GraphQLString, GraphQLInt, GraphQLBoolean } = build.graphql
  const scalar = (name: 'Datetime' | 'UUID') => build.getOutputTypeByName(build.inflection.builtin(name as never))
  const text = new GraphQLNonNull(GraphQLString)
  return {
    name: [text, 'Of the script of the app whose place it takes.'],
    version: [new GraphQLNonNull(GraphQLInt), 'Counted from 1 for each name.'],
    checksum: [text, 'Hexadecimal SHA-256 of the source.'],
    publishedAt: [new GraphQLNonNull(scalar('Datetime')), 'When it was published.'],
    publishedBy: [scalar('UUID'), 'Key of whoever published it.'],
    note: [GraphQLString, 'What was new about it.'],
    isActive: [new GraphQLNonNull(GraphQLBoolean), 'Whether it is the version that runs.'],
    source: [text, 'As it was published.'],
  }
}

function told(name: string, type: unknown, description: string): object {
  return { type, description, plan: ($one: ExecutableStep) => get($one as never, name as never) }
}

function listSpec(build: GraphileBuild.Build): object {
  const { GraphQLNonNull, GraphQLList } = build.graphql
  return {
    assertStep: null,
    description: 'Versions of scripts that the tenant published, the last first.',
    fields: () => {
      const script = new GraphQLNonNull(build.getOutputTypeByName(typeName) as never)
      return { nodes: told('nodes', new GraphQLNonNull(new GraphQLList(script)), 'Each version.') }
    },
  }
}

interface Listed extends Publisher {
  readonly name: string | null | undefined
  readonly first: number | null | undefined
}

const mostListed = 100

function listField(build: GraphileBuild.Build): object {
  const { GraphQLNonNull, GraphQLString, GraphQLInt } = build.graphql
  const load = async (client: RequestClient, lists: readonly Listed[]) => {
    const found = []
    for (const { name = null, first, ...by } of lists) {
      const most = Math.min(Math.max(first ?? mostListed, 0), mostListed)
      found.push({ nodes: await tenantScripts(client, by, { name, first: most }) })
    }
    return found
  }
  return {
    type: new GraphQLNonNull(build.getOutputTypeByName(listName) as never),
    description: `Scripts that the tenant published, for whoever may publish. At most ${mostListed} versions.`,
    args: {
      name: { type: GraphQLString, description: 'Of this script alone.' },
      first: { type: GraphQLInt, description: `How many versions at most. Default: ${mostListed}.` },
    },
    plan: (_root: unknown, args: { getRaw(name: string): ExecutableStep }) => {
      const asked = object({ name: args.getRaw('name'), first: args.getRaw('first'), ...publisherStep() })
      return loadOneWithPgClient(executorOf(build), asked as never, load as never)
    },
  }
}
