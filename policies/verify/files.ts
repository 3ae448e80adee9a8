import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { everyAction, type Model, type Problems } from '#schema'

const ran = /^(actions|scripts)\/[a-z0-9/-]+$/

/** What the server's own process runs is there. */
export function verifyFiles(model: Model, folder: string, problems: Problems): void {
  const named = [
    // What scripts of actions are is looked at where scripts are loaded.
    ...everyAction(model)
      .filter(({ action: { runs } }) => runs.startsWith('actions/'))
      .map(({ action: { runs }, path }) => ({ runs, path: [...path, 'runs'] })),
    ...model.entities.flatMap(({ name, hooks = [] }) =>
      hooks.map(({ moment, of, runs }) => ({ runs, path: [name, 'hooks', moment, ...(of === null ? [] : [of])] })),
    ),
  ]
  for (const { runs, path } of named) {
    if (!ran.test(runs) || existsSync(join(folder, `${runs}.ts`))) continue
    const hint = 'Make the file, or mend its name.'
    problems.report('RUNS_FILE_MISSING', { path }, `There is no file "${runs}.ts".`, { hint })
  }
}
