import { ModelError, type Problem } from '#base'
import type { LoadedModel } from '#policies'
import { loadBodies, loadWork } from '#server'
import type { Session } from '../session.ts'

/**
 * Loads what an app runs (`actions/`, `scripts/`, `workers/`, `subscribers/`) as a server would, and runs none of it.
 *
 * @throws ModelError with every problem of these files
 */
export async function checkCode({ model }: LoadedModel, { folder }: Session): Promise<void> {
  if (folder === null) return
  const bodies = await problemsOf(() => loadBodies(model, { folder }))
  const work = await problemsOf(() => loadWork(model, folder))
  const problems = [...bodies, ...work]
  if (problems.length > 0) throw new ModelError(problems)
}

async function problemsOf(load: () => Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await load()
    return []
  } catch (error) {
    if (error instanceof ModelError) return error.problems
    throw error
  }
}
