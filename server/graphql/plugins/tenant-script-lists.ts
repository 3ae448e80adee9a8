import { loadOneWithPgClient } from '@dataplan/pg'
import { context, type ExecutableStep, get, object } from 'grafast'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import {
  type Listing,
  type Publisher,
  type ScriptRun,
  scriptRuns,
  type TenantScript,
  tenantScripts,
} from '../../tenant-scripts/publishing.ts'
import { entityResources } from '../model-of-build.ts'
import 'postgraphile'

/** A list for whoever publishes scripts. */
export interface TenantList {
  readonly field: string
  readonly description: string
  /** Of what is listed, and of the list. */
  readonly types: { readonly one: string; readonly all: string }
  readonly ofOne: string
  fields(build: GraphileBuild.Build): Readonly<Record<string, readonly [object, string]>>
  load(client: RequestClient, by: Publisher, listing: Listing): Promise<readonly object[]>
}

/** Versions that were published, and recorded runs. */
export const tenantLists: readonly TenantList[] = [
  {
    field: 'tenantScripts',
    description: 'Scripts that the tenant published, for whoever may publish.',
    types: { one: 'TenantScript', all: 'TenantScripts' },
    ofOne: 'A version of a script that the tenant published.',
    fields: scriptFields,
    load: tenantScripts,
  },
  {
    field: 'tenantScriptRuns',
    description:
      'Recorded runs of scripts of the tenant, for whoever may publish: a hundred of each script, for some days.',
    types: { one: 'TenantScriptRun', all: 'TenantScriptRuns' },
    ofOne: 'A recorded run of a script.',
    fields: runFields,
    load: scriptRuns,
  },
]

/** Of any entity: all are in one database. */
export function executorOf(build: GraphileBuild.Build): never {
  return entityResources(build)[0]!.resource.executor as never
}

/** Steps that find out who asks. */
export function publisherStep(): Record<keyof Publisher, ExecutableStep> {
  const of = (name: string) => context().get(name as never)
  return { model: of('rowhouseModel'), roles: of('roles'), scripts: of('scripts') }
}

/** Registers the types of a list. */
export function registerList(build: GraphileBuild.Build, { types, ofOne, fields }: TenantList, plugin: string): void {
  const one = () => ({
    assertStep: null,
    description: ofOne,
    fields: () =>
      Object.fromEntries(
        Object.entries(fields(build)).map(([name, [type, description]]) => [name, told(name, type, description)]),
      ),
  })
  const all = () => ({
    assertStep: null,
    description: 'The last first.',
    fields: () => {
      const { GraphQLNonNull, GraphQLList } = build.graphql
      const node = new GraphQLNonNull(build.getOutputTypeByName(types.one) as never)
      return { nodes: told('nodes', new GraphQLNonNull(new GraphQLList(node)), 'Each of them.') }
    },
  })
  build.registerObjectType(types.one, {}, one as never, plugin)
  build.registerObjectType(types.all, {}, all as never, plugin)
}

function told(name: string, type: unknown, description: string): object {
  return { type, description, plan: ($one: ExecutableStep) => get($one as never, name as never) }
}

function scalarOf(build: GraphileBuild.Build, name: 'Datetime' | 'UUID' | 'JSON'): object {
  return build.getOutputTypeByName(build.inflection.builtin(name as never))
}

function scriptFields(build: GraphileBuild.Build): Readonly<Record<keyof TenantScript, readonly [object, string]>> {
  const { GraphQLNonNull, GraphQLString, GraphQLInt, GraphQLBoolean } = build.graphql
  const text = new GraphQLNonNull(GraphQLString)
  return {
    name: [text, 'Of the script of the app whose place it takes.'],
    version: [new GraphQLNonNull(GraphQLInt), 'Counted from 1 for each name.'],
    checksum: [text, 'Hexadecimal SHA-256 of the source.'],
    publishedAt: [new GraphQLNonNull(scalarOf(build, 'Datetime') as never), 'When it was published.'],
    publishedBy: [scalarOf(build, 'UUID'), 'Key of whoever published it.'],
    note: [GraphQLString, 'What was new about it.'],
    isActive: [new GraphQLNonNull(GraphQLBoolean), 'Whether it is the version that runs.'],
    source: [text, 'As it was published.'],
  }
}

function runFields(build: GraphileBuild.Build): Readonly<Record<keyof ScriptRun, readonly [object, string]>> {
  const { GraphQLNonNull, GraphQLString, GraphQLInt } = build.graphql
  const text = new GraphQLNonNull(GraphQLString)
  const always = (name: 'Datetime' | 'UUID' | 'JSON') => new GraphQLNonNull(scalarOf(build, name) as never)
  return {
    id: [always('UUID'), 'Its key.'],
    name: [text, 'Of the script.'],
    version: [GraphQLInt, 'That the tenant published; null: the app’s script.'],
    checksum: [text, 'Hexadecimal SHA-256 of the source.'],
    ended: [text, '`output`, `raised` or `failed`.'],
    ms: [new GraphQLNonNull(GraphQLInt), 'Milliseconds that it took.'],
    ranAt: [always('Datetime'), 'When it was kept.'],
    ranBy: [scalarOf(build, 'UUID'), 'Key of whoever caused it.'],
    record: [always('JSON'), 'All that it depended on, as `rowhouse scripts replay` takes it.'],
  }
}

interface Asked extends Publisher {
  readonly name: string | null | undefined
  readonly first: number | null | undefined
}

const mostListed = 100

/** The field of a list. */
export function listField(build: GraphileBuild.Build, { types, description, load }: TenantList): object {
  const { GraphQLNonNull, GraphQLString, GraphQLInt } = build.graphql
  const loadAll = async (client: RequestClient, lists: readonly Asked[]) => {
    const found = []
    for (const { name = null, first, ...by } of lists) {
      const most = Math.min(Math.max(first ?? mostListed, 0), mostListed)
      found.push({ nodes: await load(client, by, { name, first: most }) })
    }
    return found
  }
  return {
    type: new GraphQLNonNull(build.getOutputTypeByName(types.all) as never),
    description,
    args: {
      name: { type: GraphQLString, description: 'Of this script alone.' },
      first: { type: GraphQLInt, description: `How many at most. Default, and most: ${mostListed}.` },
    },
    plan: (_root: unknown, args: { getRaw(name: string): ExecutableStep }) => {
      const asked = object({ name: args.getRaw('name'), first: args.getRaw('first'), ...publisherStep() })
      return loadOneWithPgClient(executorOf(build), asked as never, loadAll as never)
    },
  }
}
