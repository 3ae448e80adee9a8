import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Model, Problems } from '#schema'

/** What the server's own process runs is there. */
export function verifyFiles(model: Model, folder: string, problems: Problems): void {
  for (const entity of model.entities)
    for (const { name, runs } of entity.actions) {
      if (!runs.startsWith('actions/') || existsSync(join(folder, `${runs}.ts`))) continue
      const path = [entity.name, 'actions', name, 'runs']
      const hint = 'Make the file, or mend its name.'
      problems.report('RUNS_FILE_MISSING', { path }, `There is no file "${runs}.ts".`, { hint })
    }
}
