import { join, relative, sep } from 'node:path'
import { ModelError, type Problem, type Rows } from '#base'
import { collectProblems, importBodies, type Model, plainFiles, startOf } from '#schema'
import { type CompleteWorker, completeWorker, isWorker, readInput, type SubscriberCall } from '#workers'

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
  const subscribers = new Map((model.subscribers ?? []).map((each) => [each.name, each]))
  const names = [...paths.map((path) => path.replace(/\.ts$/, '')), ...subscribers.keys()]
  const { bodies, problems } = await importBodies(folder, names, { fresh })
  const found = collectProblems(() => null, problems)
  const work = new Map<string, CompleteWorker>()
  const roles = model.roles.map(({ name }) => name)
  for (const [name, body] of bodies) {
    const subscriber = subscribers.get(name)
    if (subscriber !== undefined) work.set(name, subscriberWork(name, body, subscriber.attempts))
    else if (isWorker(body)) work.set(name, completeWorker(name, body, { roles, problems: found }))
    else
      found.reportAt('WORKER_INVALID', startOf(`${name}.ts`), `"${name}.ts" has no worker as its default export.`, hint)
  }
  const faults = [...found.list, ...missing(model, work, problems)]
  if (faults.length > 0) throw new ModelError(faults)
  return work
}

const hint =
  'Write `export default worker({ … }, async ({ db, input }) => { … })`, with `worker` from `rowhouse/workers`.'

/** What the model runs as jobs. */
function missing(model: Model, work: Work, problems: readonly Problem[]): readonly Problem[] {
  const named = model.entities.flatMap(({ actions }) => actions.map(({ runs }) => runs))
  return [...new Set(named)]
    .filter((runs) => runs.startsWith('workers/') && !work.has(runs))
    .filter((runs) => !problems.some(({ at }) => at?.file === `${runs}.ts`))
    .map((runs) => ({
      ...{ code: 'RUNS_FILE_MISSING', severity: 'error', message: `There is no file "${runs}.ts".`, at: null },
      ...{ hint: 'Make the file, or mend its name.', related: null },
    }))
}

/** What is not said of a subscriber is as of a worker. */
function subscriberWork(name: string, body: unknown, attempts: number): CompleteWorker {
  const { run } = body as { readonly run: (call: SubscriberCall) => unknown }
  return {
    ...{ name, fields: [], service: null, attempts, backoffSeconds: 10, timeoutSeconds: 60, perTenant: null },
    ...{ cron: null, unique: null },
    run: ({ db, log, input }) =>
      run({ db: db as Rows, log, event: (input as { event: SubscriberCall['event'] }).event }),
  }
}

/** Input as the body of a task gets it. Events of subscribers are made by Postgres. @throws Error saying what is wrong */
export function inputOf({ name, fields }: CompleteWorker, given: unknown): unknown {
  if (name.startsWith('subscribers/')) return given
  const { tick: _, ...input } = (given ?? {}) as Readonly<Record<string, unknown>>
  const read = readInput(fields, fields.some((field) => field.name === 'tick') ? given : input)
  if (typeof read === 'string') throw new Error(`The input of "${name}" is not what it takes. ${read}`)
  return read
}
