import { loadOneWithPgClient } from '@dataplan/pg'
import { context, type ExecutableStep, get, object } from 'grafast'
import type { CodeContext } from '../../bodies/run-body.ts'
import { type FailedJob, type FailedJobs, failedJob, failedJobs, type JobManager } from '../../jobs/failed-jobs.ts'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { executorOf } from './tenant-script-lists.ts'
import 'postgraphile'

/** What plans find in the context of who manages jobs. */
export interface ManagerAsked {
  readonly context: CodeContext
}

/** Step that finds out who asks. */
export function managerStep(): Readonly<Record<'context', ExecutableStep>> {
  return { context: context() }
}

/** Who asks, as {@link managerStep} found out. */
export function managerOf({ context: { rowhouseModel: model, roles, code } }: ManagerAsked): JobManager {
  return { model, roles, work: code.bodies.work ?? null }
}

type Told<T> = Readonly<Record<keyof T, readonly [type: object, description: string]>>

/** Registers the types of a failed job and of a list of them. */
export function registerFailedJob(build: GraphileBuild.Build, plugin: string): void {
  const spec = (description: string, fields: () => Told<never>) => () => ({
    assertStep: null,
    description,
    fields: () =>
      Object.fromEntries(
        Object.entries<readonly [object, string]>(fields()).map(([name, [type, told]]) => [
          name,
          { type, description: told, plan: ($one: ExecutableStep) => get($one as never, name as never) },
        ]),
      ),
  })
  const one = spec('A job that failed for good.', () => jobFields(build))
  const all = spec('Failed jobs, the last first.', () => listFields(build))
  build.registerObjectType('FailedJob', {}, one as never, plugin)
  build.registerObjectType('FailedJobs', {}, all as never, plugin)
}

function scalarOf(build: GraphileBuild.Build, name: string): never {
  return build.getOutputTypeByName(build.inflection.builtin(name as never)) as never
}

function jobFields(build: GraphileBuild.Build): Told<FailedJob> {
  const { GraphQLNonNull, GraphQLString, GraphQLInt } = build.graphql
  const text = new GraphQLNonNull(GraphQLString)
  const [id, at] = [scalarOf(build, 'UUID'), scalarOf(build, 'Datetime')]
  return {
    id: [new GraphQLNonNull(id), 'Its key: that of the job before and afterwards.'],
    name: [text, 'Of the worker or subscriber: `workers/send-reminder`.'],
    input: [scalarOf(build, 'JSON'), 'What it was told to do.'],
    error: [text, 'What the last try said, in one line.'],
    attempts: [new GraphQLNonNull(GraphQLInt), 'How often it was tried.'],
    createdAt: [new GraphQLNonNull(at), 'When it was added.'],
    failedAt: [new GraphQLNonNull(at), 'When it failed for good.'],
    causedBy: [id, 'Key of whoever caused it; null: the clock, or nobody who is known.'],
    editedBy: [id, 'Key of whoever edited its input, and whose rights it has now; null: nobody.'],
    editedAt: [at, 'When its input was edited.'],
    eventId: [id, 'Key of the event that it hands over; null: it hands over none.'],
  }
}

function listFields(build: GraphileBuild.Build): Told<FailedJobs> {
  const { GraphQLNonNull, GraphQLList, GraphQLBoolean } = build.graphql
  const job = new GraphQLNonNull(build.getOutputTypeByName('FailedJob') as never)
  return {
    nodes: [new GraphQLNonNull(new GraphQLList(job)), 'Each of them.'],
    endCursor: [scalarOf(build, 'Cursor'), 'For `after`, to read on.'],
    hasNextPage: [new GraphQLNonNull(GraphQLBoolean), 'Whether there are more.'],
  }
}

interface ListAsked extends ManagerAsked {
  readonly name: string | null | undefined
  readonly after: string | null | undefined
  readonly first: number | null | undefined
}

type RawArguments = { getRaw(name: string): ExecutableStep }

const mostListed = 100

/** `failedJobs(name, first, after)` */
export function failedJobsField(build: GraphileBuild.Build): object {
  const { GraphQLNonNull, GraphQLString, GraphQLInt } = build.graphql
  const load = async (client: RequestClient, lists: readonly ListAsked[]) => {
    const found = []
    for (const asked of lists) {
      const { name = null, after = null, first } = asked
      const most = Math.min(Math.max(first ?? mostListed, 0), mostListed)
      found.push(await failedJobs(client, managerOf(asked), { name, after, first: most }))
    }
    return found
  }
  return {
    type: new GraphQLNonNull(build.getOutputTypeByName('FailedJobs') as never),
    description: 'Jobs of the tenant that failed for good, for whoever manages jobs.',
    args: {
      name: { type: GraphQLString, description: 'Of this worker or subscriber alone.' },
      first: { type: GraphQLInt, description: `How many at most. Default, and most: ${mostListed}.` },
      after: { type: scalarOf(build, 'Cursor'), description: 'Behind this one.' },
    },
    plan: (_root: unknown, args: RawArguments) => {
      const [name, first, after] = ['name', 'first', 'after'].map((each) => args.getRaw(each))
      const asked = object({ name, first, after, ...managerStep() } as never)
      return loadOneWithPgClient(executorOf(build), asked as never, load as never)
    },
  }
}

/** `failedJob(id)` */
export function failedJobField(build: GraphileBuild.Build): object {
  return {
    type: build.getOutputTypeByName('FailedJob'),
    description: 'A job of the tenant that failed for good, for whoever manages jobs.',
    args: { id: { type: new build.graphql.GraphQLNonNull(scalarOf(build, 'UUID')), description: 'Its key.' } },
    plan: (_root: unknown, args: RawArguments) => failedJobStep(build, args.getRaw('id')),
  }
}

/** The failed job of an id. */
export function failedJobStep(build: GraphileBuild.Build, $id: ExecutableStep): ExecutableStep {
  const load = async (client: RequestClient, jobs: readonly (ManagerAsked & { readonly id: string })[]) => {
    const found = []
    for (const { id, ...asked } of jobs) found.push(await failedJob(client, managerOf(asked), id))
    return found
  }
  const asked = object({ id: $id, ...managerStep() })
  return loadOneWithPgClient(executorOf(build), asked as never, load as never) as never
}
