import { realpathSync } from 'node:fs'
import { type AppExports, exportsOf } from '#policies'
import { loadApp } from '#schema'

/**
 * Where an app exports its entities and roles, also while its model has mistakes; null when a file of it cannot be imported. The files were
 * imported before, so this costs little.
 */
export async function declaredExports(
  folder: string,
): Promise<{ readonly folder: string; readonly exports: AppExports } | null> {
  const root = realpathSync(folder)
  const app = await loadApp(root).catch(() => null)
  return app === null || app.problems.length > 0 ? null : { folder: root, exports: exportsOf(app) }
}
