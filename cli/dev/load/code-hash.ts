import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '#base'

/** Folders of what requests run. */
const folders = ['actions', 'scripts']

/** Identifies the code of an app that its requests run: another where a file of it changed. */
export function codeHash(folder: string): string {
  return sha256(JSON.stringify(folders.flatMap((name) => textsIn(join(folder, name)))))
}

function textsIn(folder: string): readonly (readonly [file: string, text: string])[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const)
  } catch (error) {
    // None, or one that goes while it is read: then there is another change.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
