import { join, relative, sep } from 'node:path'
import { ModelError, type Problem } from '#base'
import {
  collectProblems,
  type Entity,
  everyAction,
  importBodies,
  type Model,
  type Problems,
  plainFiles,
  startOf,
} from '#schema'
import {
  type CompleteWorker,
  completeWorker,
  isWorker,
  readInput,
  type SubscriberCall,
  type WorkerCall,
  type WorkerSurroundings,
} from '#workers'
import { keyFields } from '../graphql/key-fields.ts'

/** The workers and subscribers of an app, by path without ending: `workers/send-reminder`, `subscribers/tell-accounting`. */
export type Work = ReadonlyMap<string, CompleteWorker>

/**
 * Loads what runs the jobs of an app.
 *
 * @param fresh load new copies of files that were loaded before
 * @throws ModelError FILE_IMPORT_FAILED, WORKER_INVALID, RUNS_FILE_MISSING
 */
export async function loadWork(model: Model, folder: string, fresh = false): Promise<Work> {
  const paths = plainFiles(join(folder, 'workers')).map((path) => relative(folder, path).split(sep).join('/'))
  const subscribers = new Set((model.subscribers ?? []).map((each) => each.name))
  const names = [...paths.map((path) => path.replace(/\.ts$/, '')), ...subscribers]
  const { bodies, problems } = await importBodies(folder, names, { fresh })
  const found = collectProblems(() => null, problems)
  const work = new Map<string, CompleteWorker>()
  const roles = model.roles.map(({ name }) => name)
  for (const [name, body] of bodies) {
    if (subscribers.has(name)) work.set(name, subscriberWork(name, body, { roles, problems: found }))
    else if (isWorker(body)) work.set(name, completeWorker(name, body, { roles, problems: found }))
    else
      found.reportAt('WORKER_INVALID', startOf(`${name}.ts`), `"${name}.ts" has no worker as its default export.`, hint)
  }
  for (const handed of handedOver(model)) checkHanded(handed, work, found)
  const faults = [...found.list, ...missing(model, work, problems)]
  if (faults.length > 0) throw new ModelError(faults)
  return work
}

const hint =
  'Write `export default worker({ … }, async ({ db, input }) => { … })`, with `worker` from `rowhouse/workers`.'

/** What adds a job of a worker, and the names of the inputs that it hands over. */
interface Handed {
  readonly runs: string
  readonly by: string
  readonly names: readonly string[]
}

/** Actions and transitions that run workers. */
function handedOver(model: Model): readonly Handed[] {
  const entities = new Map(model.entities.map((entity) => [entity.name, entity]))
  const keysOf = (entity: Entity) => keyFields(entity, entities).map(({ name }) => name)
  const acts = everyAction(model).map(({ entity, action: { runs, input }, words }) => ({
    ...{ runs, by: words },
    names: [...(entity === null ? [] : keysOf(entity)), ...input.map(({ name }) => name)],
  }))
  const transitions = model.entities.flatMap((entity) =>
    (entity.lifecycle?.transitions ?? []).flatMap(({ name, runs }) =>
      runs === null ? [] : [{ runs, by: `"${name}" of "${entity.name}"`, names: keysOf(entity) }],
    ),
  )
  return [...acts, ...transitions].filter(({ runs }) => runs.startsWith('workers/'))
}

/** A job whose input is another one would fail each time. */
function checkHanded({ runs, by, names }: Handed, work: Work, problems: Problems): void {
  const worker = work.get(runs)
  if (worker === undefined) return
  const known = new Set(worker.fields.map(({ name }) => name))
  const stranger = names.find((name) => !known.has(name))
  const lacking = worker.fields.find(({ name, optional }) => !optional && !names.includes(name))
  const at = startOf(`${runs}.ts`)
  const told = names.length === 0 ? 'nothing' : names.map((name) => `"${name}"`).join(' and ')
  const inputs = `What ${by} hands over is ${told}: say the same in \`input\` of the worker.`
  if (stranger !== undefined)
    problems.reportAt('WORKER_INVALID', at, `"${runs}" has no input "${stranger}", which ${by} hands over.`, inputs)
  else if (lacking !== undefined)
    problems.reportAt('WORKER_INVALID', at, `${by} hands no "${lacking.name}" over, which "${runs}" needs.`, inputs)
}

/** What the model runs as jobs. */
function missing(model: Model, work: Work, problems: readonly Problem[]): readonly Problem[] {
  const named = [
    ...everyAction(model).map(({ action: { runs } }) => runs),
    ...model.entities.flatMap(({ lifecycle }) => (lifecycle?.transitions ?? []).flatMap(({ runs }) => runs ?? [])),
  ]
  return [...new Set(named)]
    .filter((runs) => runs.startsWith('workers/') && !work.has(runs))
    .filter((runs) => !problems.some(({ at }) => at?.file === `${runs}.ts`))
    .map((runs) => ({
      ...{ code: 'RUNS_FILE_MISSING', severity: 'error', message: `There is no file "${runs}.ts".`, at: null },
      ...{ hint: 'Make the file, or mend its name.', related: null },
    }))
}

/** Runs as a worker does, with the event instead of the input that it came in. */
function subscriberWork(name: string, body: unknown, surroundings: WorkerSurroundings): CompleteWorker {
  const { run, options } = body as { readonly run: (call: SubscriberCall) => unknown; readonly options: object }
  const withEvent = ({ input, ...call }: WorkerCall<unknown>) =>
    run({ ...call, event: (input as { readonly event: SubscriberCall['event'] }).event })
  return completeWorker(name, { options, run: withEvent }, surroundings)
}

/** Input as the body of a task gets it. Events of subscribers are made by Postgres. @throws Error saying what is wrong */
export function inputOf({ name, fields }: CompleteWorker, given: unknown): unknown {
  if (name.startsWith('subscribers/')) return given
  const { tick: _, ...input } = (given ?? {}) as Readonly<Record<string, unknown>>
  const read = readInput(fields, fields.some((field) => field.name === 'tick') ? given : input)
  if (typeof read === 'string') throw new Error(`The input of "${name}" is not what it takes. ${read}`)
  return read
}
