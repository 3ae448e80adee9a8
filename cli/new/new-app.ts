import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OperatorError } from '#base'
import { appNameOf } from '#policies'
import { newManifest } from './new-manifest.ts'
import { type NewFiles, writeNewFiles } from './write-new-files.ts'

/** A small app that works. */
const template = fileURLToPath(new URL('./template/', import.meta.url))

/**
 * Writes a small app into a new or empty folder.
 *
 * @param rowhouse what the app depends on: a version, or `file:` and a path
 * @throws OperatorError NEW_FOLDER_OCCUPIED when there is anything in the folder, or it cannot be named after an app
 */
export async function newApp(folder: string, rowhouse: string): Promise<NewFiles> {
  const name = basename(resolve(folder))
  if (!/^[a-z]/.test(appNameOf(resolve(folder)))) {
    const message = `"${name}" does not begin with a letter, so no app can be called so.`
    throw new OperatorError('NEW_FOLDER_OCCUPIED', message, 'Choose another name, such as `rowhouse new shop`.')
  }
  const manifest = `${JSON.stringify(newManifest(name, rowhouse), null, 2)}\n`
  return writeNewFiles(folder, { ...templateFiles(name), 'package.json': manifest })
}

function templateFiles(name: string): Readonly<Record<string, string>> {
  const entries = readdirSync(template, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const text = readFileSync(path, 'utf8').replaceAll('{{name}}', () => name)
      return [targetOf(path.slice(template.length).replaceAll('\\', '/')), text]
    }),
  )
}

/** npm leaves files called `.gitignore` out of packages. */
function targetOf(path: string): string {
  return path === 'gitignore' ? '.gitignore' : path
}
