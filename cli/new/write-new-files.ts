import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { OperatorError } from '#base'

/** What may lie in a folder that counts as empty. */
const harmless: ReadonlySet<string> = new Set(['.git', '.DS_Store', '.idea', '.vscode'])

/** What was written. */
export interface NewFiles {
  /** Absolute path. */
  readonly folder: string
  /** Paths in the folder, sorted, with `/`. */
  readonly files: readonly string[]
}

/**
 * Writes files into a new or empty folder, never over others.
 *
 * @param texts by path in the folder
 * @throws OperatorError NEW_FOLDER_OCCUPIED
 */
export async function writeNewFiles(folder: string, texts: Readonly<Record<string, string>>): Promise<NewFiles> {
  const root = resolve(folder)
  await requireEmptyFolder(root)
  const files = Object.keys(texts).toSorted()
  for (const path of files) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), texts[path]!, { flag: 'wx' })
  }
  return { folder: root, files }
}

/**
 * Checks that there is nothing at a path, or an empty folder.
 *
 * @throws OperatorError NEW_FOLDER_OCCUPIED
 */
export async function requireEmptyFolder(root: string): Promise<void> {
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
