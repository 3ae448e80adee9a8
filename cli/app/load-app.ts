import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { OperatorError } from '#base'
import { type LoadedModel, loadModel } from '#policies'
import { appName, loadConfig } from '#server'
import type { Session } from '../session.ts'

/**
 * The verified model of an app folder; tells the session where it is, for code frames.
 *
 * @throws ModelError with every problem of the app
 * @throws OperatorError APP_FOLDER_MISSING when the folder holds no app, CONFIG_UNREADABLE
 */
export async function loadApp(folder: string, session: Session): Promise<LoadedModel> {
  session.folder = appFolder(folder)
  const config = await loadConfig(session.folder)
  return loadModel(session.folder, { app: appName(config, session.folder) })
}

/**
 * Absolute path of an app folder.
 *
 * @throws OperatorError APP_FOLDER_MISSING when it is none
 */
export function appFolder(folder: string): string {
  const path = resolve(folder)
  if (isFolder(join(path, 'schema')) || existsSync(join(path, 'model.json'))) return path
  const what = isFolder(path) ? 'has neither a folder "schema" nor a "model.json", so it is no app' : 'is no folder'
  throw new OperatorError(
    'APP_FOLDER_MISSING',
    `"${folder}" ${what}.`,
    `Name the folder of an app; this is ${process.cwd()}.`,
  )
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
