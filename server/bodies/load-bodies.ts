import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ModelError, type Problem } from '#base'
import { everyAction, importBodies, type Model, startOf } from '#schema'
import { type CompiledScript, compileScript } from '#scripts'
import { loadWork, type Work } from '../jobs/load-work.ts'
import { type ActionBody, type HookBody, isBody } from './body.ts'

/** The code of an app that its requests run, by path without ending: `actions/duplicate-order`. */
export interface Bodies {
  readonly actions: ReadonlyMap<string, ActionBody>
  readonly hooks: ReadonlyMap<string, HookBody>
  readonly scripts: ReadonlyMap<string, CompiledScript>
  /** Loads what runs its jobs, when it is first asked for; left out: nobody knows where it is. */
  readonly work?: () => Promise<Work>
}

/** Of an app that runs none. */
export const noBodies: Bodies = { actions: new Map(), hooks: new Map(), scripts: new Map() }

/** Where the code of an app is. */
export interface BodiesPlace {
  /** Null: nobody knows; then nothing is loaded. */
  readonly folder: string | null
  /** Load new copies of files that were loaded before. */
  readonly fresh?: boolean
}

/**
 * Loads the code that an app's requests run.
 *
 * @throws ModelError FILE_IMPORT_FAILED, RUNS_FILE_INVALID, RUNS_FILE_MISSING
 */
export async function loadBodies(model: Model, { folder, fresh = false }: BodiesPlace): Promise<Bodies> {
  const runs = runsOf(model)
  if (folder === null) return noBodies
  const work = onceLoaded(() => loadWork(model, folder, fresh))
  // Not first when a row is locked. What is wrong with it, whoever runs jobs tells.
  if (addsJobs(model)) void work().catch(() => undefined)
  if (runs.length === 0) return { ...noBodies, work }
  const paths = [...new Set(runs.map(({ path }) => path))].sort()
  const own = paths.filter((path) => path.startsWith('actions/'))
  const { bodies, problems } = await importBodies(folder, own, { fresh })
  const scripts = compiled(
    folder,
    paths.filter((path) => !own.includes(path)),
  )
  const trusted = runs.filter(({ path }) => own.includes(path))
  const faults = [...problems, ...scripts.problems, ...trusted.flatMap((run) => faultOf(run, bodies, problems))]
  if (faults.length > 0) throw new ModelError(faults)
  const sound = [...bodies].filter((entry): entry is [string, ActionBody | HookBody] => isBody(entry[1]))
  return {
    actions: new Map(sound.flatMap(([path, body]) => (body.kind === 'action' ? [[path, body] as const] : []))),
    hooks: new Map(sound.flatMap(([path, body]) => (body.kind === 'hook' ? [[path, body] as const] : []))),
    scripts: scripts.scripts,
    work,
  }
}

/** What failed is tried again when it is asked for again. */
function onceLoaded<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = null
      throw error
    })
    return loading
  }
}

/** Scripts of these names; none of them is run. */
function compiled(folder: string, names: readonly string[]) {
  const scripts = new Map<string, CompiledScript>()
  const problems: Problem[] = []
  for (const name of names) {
    const path = join(folder, `${name}.ts`)
    if (!existsSync(path)) {
      problems.push({
        ...fault('RUNS_FILE_MISSING', `There is no file "${name}.ts".`, 'Make the file, or mend its name.'),
        at: null,
      })
      continue
    }
    const made = compileScript(name, readFileSync(path, 'utf8'))
    problems.push(...made.problems)
    if (made.script !== null) scripts.set(name, made.script)
  }
  return { scripts, problems }
}

interface Run {
  readonly path: string
  /** Null: the app. */
  readonly of: string | null
  /** Null: a hook. */
  readonly verb: string | null
}

/** Whether requests add jobs of workers. */
function addsJobs(model: Model): boolean {
  const transitions = model.entities.flatMap(({ lifecycle }) => lifecycle?.transitions ?? [])
  const runs = [...everyAction(model).map(({ action }) => action), ...transitions]
  return runs.some((each) => each.runs?.startsWith('workers/') === true)
}

/** What requests run themselves: actions that run a worker leave it to a job. */
function runsOf(model: Model): readonly Run[] {
  const acts = everyAction(model).filter(({ action: { runs } }) => !runs.startsWith('workers/'))
  return [
    ...model.entities.flatMap(({ name, hooks = [] }) =>
      hooks.map(({ runs }) => ({ path: runs, of: name, verb: null })),
    ),
    ...acts.map(({ entity, action }) => ({ path: action.runs, of: entity?.name ?? null, verb: action.name })),
  ]
}

function faultOf(
  { path, of, verb }: Run,
  bodies: ReadonlyMap<string, unknown>,
  problems: readonly Problem[],
): readonly Problem[] {
  const file = `${path}.ts`
  if (!bodies.has(path)) {
    if (problems.some(({ at }) => at?.file === file)) return []
    const hint = 'Make the file, or mend its name.'
    return [{ ...fault('RUNS_FILE_MISSING', `There is no file "${file}".`, hint), at: null }]
  }
  const body = bodies.get(path)
  if (isBody(body) && body.of === of && (body.kind === 'hook' ? null : body.verb) === verb) return []
  const what = verb === null ? `hook of "${of}"` : `action "${verb}" of ${of === null ? 'the app' : `"${of}"`}`
  const message = `"${file}" has no ${what} as its default export.`
  const hint = `Write \`export default ${callOf({ of, verb })} => { … })\`.`
  return [{ ...fault('RUNS_FILE_INVALID', message, hint), at: startOf(file) }]
}

function callOf({ of, verb }: Pick<Run, 'of' | 'verb'>): string {
  if (verb === null) return `hook(${of}, async ({ db, row })`
  return of === null
    ? `appAction(actions, '${verb}', async ({ db, input })`
    : `action(${of}, '${verb}', async ({ db, row })`
}

function fault(code: Problem['code'], message: string, hint: string): Omit<Problem, 'at'> {
  return { code, severity: 'error', message, hint, related: null }
}
