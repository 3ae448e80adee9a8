import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OperatorError } from '#base'
import { appNameOf } from '#policies'
import { newManifest } from './new-manifest.ts'

/** A small app that works. */
const template = fileURLToPath(new URL('./template/', import.meta.url))

/** What may lie in a folder that counts as empty. */
const harmless: ReadonlySet<string> = new Set(['.git', '.DS_Store', '.idea', '.vscode'])

/** What {@link newApp} made. */
export interface NewApp {
  /** Absolute path. */
  readonly folder: string
  /** Paths in the folder, sorted, with `/`. */
  readonly files: readonly string[]
}

/**
 * Writes a small app into a new or empty folder.
 *
 * @param rowhouse what the app depends on: a version, or `file:` and a path
 * @throws OperatorError NEW_FOLDER_OCCUPIED when there is anything in the folder, or it cannot be named after an app
 */
export async function newApp(folder: string, rowhouse: string): Promise<NewApp> {
  const root = resolve(folder)
  const name = basename(root)
  if (!/^[a-z]/.test(appNameOf(root))) {
    const message = `"${name}" does not begin with a letter, so no app can be called so.`
    throw new OperatorError('NEW_FOLDER_OCCUPIED', message, 'Choose another name, such as `rowhouse new shop`.')
  }
  await requireEmpty(root)
  await mkdir(root, { recursive: true })
  await cp(template, root, { recursive: true, force: false })
  // npm leaves files of that name out of packages.
  await rename(join(root, 'gitignore'), join(root, '.gitignore'))
  const readme = join(root, 'README.md')
  await writeFile(
    readme,
    (await readFile(readme, 'utf8')).replaceAll('{{name}}', () => name),
  )
  await writeFile(join(root, 'package.json'), `${JSON.stringify(newManifest(name, rowhouse), null, 2)}\n`)
  return { folder: root, files: await filesOf(root) }
}

async function requireEmpty(root: string): Promise<void> {
  if (!existsSync(root)) return
  const found = await readdir(root).catch(() => null)
  const occupied = found === null ? [basename(root)] : found.filter((name) => !harmless.has(name))
  if (occupied.length === 0) return
  const message = found === null ? `"${root}" is a file.` : `"${root}" is not empty: it holds "${occupied.sort()[0]}".`
  throw new OperatorError(
    'NEW_FOLDER_OCCUPIED',
    message,
    'Choose a folder that is empty or does not exist; nothing was written.',
  )
}

async function filesOf(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !path.startsWith('.git/'))
    .sort()
}
