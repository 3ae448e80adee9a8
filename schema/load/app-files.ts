import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Absolute paths of an app's entity, formula, policy and subscriber files, sorted; tests and dot files left out. */
export function appFiles(folder: string): readonly string[] {
  const entities = filesUnder(join(folder, 'schema')).filter((path) => /\.(entity|formulas)\.ts$/.test(path))
  const policies = plainFiles(join(folder, 'policies'))
  const subscribers = plainFiles(join(folder, subscriberFolder))
  return [...entities, ...policies, ...subscribers]
}

/** Folder of an app with one file for each subscriber. */
export const subscriberFolder = 'subscribers'

/** Absolute paths of the TypeScript files of a folder, sorted; tests, declarations and dot files left out. */
export function plainFiles(folder: string): readonly string[] {
  return filesUnder(folder).filter(isPlainFile)
}

function isPlainFile(path: string): boolean {
  return path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.endsWith('.d.ts')
}

function filesUnder(folder: string): string[] {
  let entries: readonly string[]
  try {
    entries = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  const hidden = (path: string) => /[\\/](\.|node_modules[\\/])/.test(path.slice(folder.length))
  return entries.filter((path) => !hidden(path)).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}
