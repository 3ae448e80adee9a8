import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '#base'

const kinds = /\.(?:[cm]?[jt]sx?|vue|svelte|graphql|gql)$/
const declarations = /\.d\.[cm]?ts$/

/**
 * Files of a front end that may hold documents, sorted; installed packages and hidden folders apart.
 *
 * @param paths folders, or files, which are taken whatever they are called
 * @throws OperatorError DOCUMENTS_UNREADABLE
 */
export async function frontEndFiles(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map(filesIn))
  return [...new Set(found.flat())].sort()
}

async function filesIn(path: string): Promise<readonly string[]> {
  try {
    if ((await stat(path)).isFile()) return [path]
    const entries = await readdir(path, { withFileTypes: true })
    const folders = entries.filter((entry) => entry.isDirectory() && !isPassedOver(entry.name))
    const files = entries
      .filter(({ name }) => kinds.test(name) && !declarations.test(name))
      .filter((entry) => entry.isFile())
    const deeper = await Promise.all(folders.map(({ name }) => filesIn(join(path, name))))
    return [...files.map(({ name }) => join(path, name)), ...deeper.flat()]
  } catch (cause) {
    if (cause instanceof OperatorError) throw cause
    const message = `The front end in "${path}" cannot be read: ${(cause as Error).message}`
    throw new OperatorError('DOCUMENTS_UNREADABLE', message, 'Name a folder with the sources of the front end.', {
      cause,
    })
  }
}

function isPassedOver(name: string): boolean {
  return name === 'node_modules' || name.startsWith('.')
}
