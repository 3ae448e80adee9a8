import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { packageRoot } from '../package-root.ts'

/** The version of an installed Rowhouse; from a clone the clone itself, which need not be published. */
export function dependencyFrom(folder: string, version: string): string {
  const root = packageRoot()
  if (!existsSync(join(root, 'cli/index.ts'))) return version
  return `file:${relative(resolve(folder), root).replaceAll('\\', '/')}`
}
